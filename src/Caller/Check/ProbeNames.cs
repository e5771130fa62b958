namespace Caller.Check;

/// <summary>The requests a run makes; each check reads one or more of them.</summary>
internal static class ProbeNames
{
    public const string Greeting = "greeting";
    public const string Long = "long answer";
    public const string LongAgain = "long answer again";

    public const string SentenceIdText = "sentenceId as text";
    public const string Query = "query parameters";
    public const string PhoneCall = "phone call";
    public const string UserDataText = "userData as plain text";
    public const string NoExtendData = "no extendData";
    public const string TwentyRecords = "twenty records";
    public const string SystemMessage = "system message";
    public const string AssistantFirst = "assistant speaks first";
    public const string Interrupted = "interrupted answer";
    public const string ContentParts = "content as parts";
    public const string Unicode = "other scripts";
    public const string TwoUserRecords = "two user records in a row";
    public const string EmptyAssistant = "empty assistant record";
    public const string Sampling = "sampling parameters";
    public const string UnknownField = "unknown field";
    public const string Charset = "charset in content type";
    public const string Repeated = "same turn again";
    public const string ToolHistory = "tool call in history";
    public const string ToolsOffered = "tools offered";
    public const string ToolsProvoked = "tools offered and asked for";
    public const string HangUpText = "hang-up text";
    public const string Usage = "usage asked for";
    public const string UsageLonger = "usage of a longer prompt";

    public const string WrongKey = "wrong key";
    public const string NoKey = "no key";
    public const string MalformedKey = "Authorization: X";
    public const string EmptyBearer = "Authorization: Bearer";
    public const string LowerCaseBearer = "bearer in lower case";
    public const string WrongKeyBadBody = "wrong key and a bad body";

    public const string BadJson = "malformed JSON";
    public const string EmptyBody = "empty body";
    public const string NoMessages = "no messages";
    public const string EmptyMessages = "empty messages";
    public const string MessagesText = "messages as text";
    public const string WrongModel = "unknown model";
    public const string WrongMethod = "GET";
    public const string WrongPath = "wrong path";
    public const string Single = "stream false";
    public const string SingleByDefault = "no stream field";

    public const string BargeIn = "barge-in";
    public const string AfterBargeIn = "turn after a barge-in";
    public const string AfterManyBargeIns = "turn after five barge-ins";
    public const string FirstCall = "first call";
    public const string SecondCall = "second call";
    public const string Parallel = "call at once";
    public const string ToolResult = "result of a tool";
    public const string UnfinishedResult = "unfinished result of a tool";
    public const string NoUserMessage = "nothing said yet";
    public const string PathDoubled = "path doubled";
    public const string PathSlash = "slash at the end of the path";
    public const string Models = "models";
    public const string Gzip = "body in gzip";
    public const string Goodbye = "goodbye";
    public const string GoodbyeAgain = "goodbye sent again";
    public const string Guess = "guess at what is to come";
    public const string AfterGuess = "turn after a guess";
    public const string Superseded = "older of two requests at once";
    public const string Superseding = "newer of two requests at once";

    public const string Last = "last turn";
}
