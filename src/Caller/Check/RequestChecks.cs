using Caller.Platform;
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
                : Verdict.NotApplicable("a plain turn fails as well")))
        { Of = OnlyIms },
        Accepts("request.sentence-id-text", Required, ProbeNames.SentenceIdText,
            "sentenceId is a whole number in the manual's table and text in its sample: both are to be taken.",
            Sources.Ims, "Read sentenceId as number or text.") with { Of = OnlyIms },
        Accepts("request.user-data-text", Advised, ProbeNames.UserDataText,
            "userData is whatever was passed when the call was started, not always JSON.",
            Sources.Ims, "Do not fail when userData does not parse.") with { Of = OnlyIms },
        Accepts("request.phone-call", Required, ProbeNames.PhoneCall,
            "On a phone call extendData also has callerNumber and calleeNumber.",
            Sources.Ims, MendUnknown) with { Of = OnlyIms },
        Accepts("request.query", Required, ProbeNames.Query,
            "A platform can add query parameters to the address (the manual's sample reads task_id and room_id).",
            Sources.Ims, "Match the route on the path alone."),
        Accepts("request.no-extend-data", Advised, ProbeNames.NoExtendData,
            "Other platforms and plain OpenAI clients send no extendData.",
            Sources.OpenAiCreate, "Treat extendData as optional."),
        Accepts("request.twenty-records", Required, ProbeNames.TwentyRecords,
            "messages holds up to 20 records of the conversation.",
            Sources.Ims, "Accept at least 20 messages."),
        Accepts("request.system-message", Required, ProbeNames.SystemMessage,
            "The first message may have the role system.",
            Sources.OpenAiCreate, "Accept the roles system, user, assistant and tool."),
        Accepts("request.assistant-first", Advised, ProbeNames.AssistantFirst,
            "A call often begins with the agent's greeting, so the first record may be the assistant's.",
            Sources.Ims, "Do not insist on a user message first."),
        Accepts("request.two-user-records", Advised, ProbeNames.TwoUserRecords,
            "After a barge-in two user records may follow one another.",
            Sources.Ims, "Do not insist on roles that alternate."),
        Accepts("request.empty-assistant", Advised, ProbeNames.EmptyAssistant,
            "An answer interrupted at once leaves an empty assistant record.",
            Sources.Ims, "Accept content \"\"."),
        Accepts("request.interrupted", Required, ProbeNames.Interrupted,
            "With history synchronisation an interrupted answer holds the mark <ims_agent_interrupted>.",
            Sources.Ims, "Take content as text; do not parse it as markup.") with { Of = OnlyIms },
        Accepts("request.content-parts", Advised, ProbeNames.ContentParts,
            "With video the last user message is an array of parts.",
            Sources.OpenAiCreate, "Accept an array of {\"type\":\"text\",\"text\":…} as content."),
        Accepts("request.unicode", Required, ProbeNames.Unicode,
            "Callers speak all languages: text is UTF-8 and may hold any character.",
            Sources.Json, "Read the body as UTF-8."),
        Accepts("request.charset", Required, ProbeNames.Charset,
            "Content-Type: application/json; charset=utf-8 is JSON as well.",
            Sources.Http, "Compare the media type without its parameters."),
        Accepts("request.repeated", Required, ProbeNames.Repeated,
            "A platform may send the same turn again, with the same sentenceId; it expects an answer each time.",
            Sources.Ims, "Do not refuse a sentenceId that was seen before."),
        Accepts("request.unknown-field", Advised, ProbeNames.UnknownField,
            "Platforms add fields of their own (call, metadata, user_id, …); what is not known is ignored.",
            Sources.Vapi, MendUnknown),
        Accepts("request.sampling", Advised, ProbeNames.Sampling,
            "temperature, top_p and max_tokens are accepted.",
            Sources.OpenAiCreate, "Accept OpenAI's parameters, even if they change nothing."),
        Accepts("request.tools", Advised, ProbeNames.ToolsOffered,
            "Platforms offer their call actions in tools; the turn is answered whether or not one is called.",
            Sources.ElevenLabs, "Accept tools and tool_choice."),
        Accepts("request.tool-history", Advised, ProbeNames.ToolHistory,
            "An earlier tool call and its result stand in messages as an assistant record with null content and a tool record.",
            Sources.OpenAiTools, "Accept content null beside tool_calls, and the role tool."),
    ];

    private static bool OnlyIms(VoicePlatform platform) => platform.IsIms;

    private static Check Accepts(string id, CheckLevel level, string probe, string contract, Uri source, string mend) =>
        new(id, level, contract, source, mend, seen => seen.Accepts(probe));

    /// <summary>The platform's own request is refused, and what is left of it without the platform's fields is answered.</summary>
    public static bool RefusedForExtendData(Observations seen) =>
        seen[ProbeNames.Greeting] is { Status: >= 400 and < 500 } && seen[ProbeNames.NoExtendData] is { Status: 200 };
}
