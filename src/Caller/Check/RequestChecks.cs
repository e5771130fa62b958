using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class RequestChecks
{
    private const string MendUnknown = "Read the fields you need and ignore the others.";

    public static readonly IReadOnlyList<Check> All =
    [
        new("request.extend-data", Required,
            "The platform sends extendData (instanceId, channelId, sentenceId, userData) beside OpenAI's fields.",
            Sources.Ims, MendUnknown, seen => seen.On(ProbeNames.Greeting, exchange => exchange.Status == 200
                ? Verdict.Held("answered")
                : RefusedForExtendData(seen) ? Verdict.Failed($"answered without it, and with it {Judging.Describe(exchange)}")
                : Verdict.NotApplicable("a plain turn fails as well"))),
        new("request.sentence-id-text", Required,
            "sentenceId is a whole number in the manual's table and text in its sample: both are to be taken.",
            Sources.Ims, "Read sentenceId as number or text.", seen => seen.Accepts(ProbeNames.SentenceIdText)),
        new("request.user-data-text", Advised,
            "userData is whatever was passed when the call was started, not always JSON.",
            Sources.Ims, "Do not fail when userData does not parse.", seen => seen.Accepts(ProbeNames.UserDataText)),
        new("request.phone-call", Required,
            "On a phone call extendData also has callerNumber and calleeNumber.",
            Sources.Ims, MendUnknown, seen => seen.Accepts(ProbeNames.PhoneCall)),
        new("request.query", Required,
            "A platform can add query parameters to the address (the manual's sample reads task_id and room_id).",
            Sources.Ims, "Match the route on the path alone.", seen => seen.Accepts(ProbeNames.Query)),
        new("request.no-extend-data", Advised,
            "Other platforms and plain OpenAI clients send no extendData.",
            Sources.OpenAiCreate, "Treat extendData as optional.", seen => seen.Accepts(ProbeNames.NoExtendData)),
        new("request.twenty-records", Required,
            "messages holds up to 20 records of the conversation.",
            Sources.Ims, "Accept at least 20 messages.", seen => seen.Accepts(ProbeNames.TwentyRecords)),
        new("request.system-message", Required,
            "The first message may have the role system.",
            Sources.OpenAiCreate, "Accept the roles system, user, assistant and tool.", seen => seen.Accepts(ProbeNames.SystemMessage)),
        new("request.assistant-first", Advised,
            "A call often begins with the agent's greeting, so the first record may be the assistant's.",
            Sources.Ims, "Do not insist on a user message first.", seen => seen.Accepts(ProbeNames.AssistantFirst)),
        new("request.two-user-records", Advised,
            "After a barge-in two user records may follow one another.",
            Sources.Ims, "Do not insist on roles that alternate.", seen => seen.Accepts(ProbeNames.TwoUserRecords)),
        new("request.empty-assistant", Advised,
            "An answer interrupted at once leaves an empty assistant record.",
            Sources.Ims, "Accept content \"\".", seen => seen.Accepts(ProbeNames.EmptyAssistant)),
        new("request.interrupted", Required,
            "With history synchronisation an interrupted answer holds the mark <ims_agent_interrupted>.",
            Sources.Ims, "Take content as text; do not parse it as markup.", seen => seen.Accepts(ProbeNames.Interrupted)),
        new("request.content-parts", Advised,
            "With video the last user message is an array of parts.",
            Sources.OpenAiCreate, "Accept an array of {\"type\":\"text\",\"text\":…} as content.", seen => seen.Accepts(ProbeNames.ContentParts)),
        new("request.unicode", Required,
            "Callers speak all languages: text is UTF-8 and may hold any character.",
            Sources.Json, "Read the body as UTF-8.", seen => seen.Accepts(ProbeNames.Unicode)),
        new("request.charset", Required,
            "Content-Type: application/json; charset=utf-8 is JSON as well.",
            Sources.Http, "Compare the media type without its parameters.", seen => seen.Accepts(ProbeNames.Charset)),
        new("request.repeated", Required,
            "A platform may send the same turn again, with the same sentenceId; it expects an answer each time.",
            Sources.Ims, "Do not refuse a sentenceId that was seen before.", seen => seen.Accepts(ProbeNames.Repeated)),
        new("request.unknown-field", Advised,
            "Platforms add fields of their own (call, metadata, user_id, …); what is not known is ignored.",
            Sources.Vapi, MendUnknown, seen => seen.Accepts(ProbeNames.UnknownField)),
        new("request.sampling", Advised,
            "temperature, top_p and max_tokens are accepted.",
            Sources.OpenAiCreate, "Accept OpenAI's parameters, even if they change nothing.", seen => seen.Accepts(ProbeNames.Sampling)),
        new("request.tools", Advised,
            "Platforms offer their call actions in tools; the turn is answered whether or not one is called.",
            Sources.ElevenLabs, "Accept tools and tool_choice.", seen => seen.Accepts(ProbeNames.ToolsOffered)),
        new("request.tool-history", Advised,
            "An earlier tool call and its result stand in messages as an assistant record with null content and a tool record.",
            Sources.OpenAiTools, "Accept content null beside tool_calls, and the role tool.", seen => seen.Accepts(ProbeNames.ToolHistory)),
    ];

    /// <summary>The platform's own request is refused, and what is left of it without extendData is answered.</summary>
    public static bool RefusedForExtendData(Observations seen) =>
        seen[ProbeNames.Greeting] is { Status: >= 400 and < 500 } && seen[ProbeNames.NoExtendData] is { Status: 200 };
}
