using System.Text.Json;

namespace Switchboard.Tests.Conformance;

/// <summary>What is to become of a call on a platform.</summary>
/// <param name="Name">The platform, or the product that speaks as one.</param>
/// <param name="Request">Its first turn, as documented.</param>
/// <param name="HangUp">How a hang-up leaves: the tool with its arguments, or the text; null where the platform has no form for it.</param>
/// <param name="Transfer">How a transfer leaves.</param>
internal sealed record WholeCall(string Name, PlatformRequest Request, string? HangUp = null, string? Transfer = null)
{
    public const string Number = "+14155550111";

    /// <summary>What its owner sets beside.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>The call as it is known here.</summary>
    public required string Id { get; init; }

    /// <summary>What a repeat of a request has in the place of what the first one had.</summary>
    public IReadOnlyList<(string Name, string Value)> Again { get; init; } = [];

    /// <summary>Whether it wants the last words in the answer to another request, when it has run the tool that hangs up.</summary>
    public bool AsksForLastWords { get; init; }

    public static IReadOnlyList<WholeCall> All { get; } =
    [
        new("IMS", PlatformRequests.Ims, "hangup {}", $"""<imsagent_transfer_call caller="02155550000", callee="{Number}", err_msg="", msg=""/>""") { Id = "5d1c07e2a9b44f" },
        new("Vapi", PlatformRequests.Vapi, "endCall {}", $$"""transferCall {"destination":"{{Number}}"}""") { Id = "0b6f2a41-77d0", Again = Retried },
        new(
            "ElevenLabs",
            PlatformRequests.ElevenLabs,
            """end_call {"reason":"The conversation is over.","system__message_to_speak":"Goodbye."}""",
            $$"""transfer_to_number {"transfer_number":"{{Number}}","agent_message":"A call is transferred to you.","system__message_to_speak":"I put you through."}""") { Id = "conv_01h7" },
        new("LiveKit", LiveKit, "end_call {}") { Id = "RM_x7Kd2", Again = [("X-LiveKit-Session-ID", "6c1e08")], AsksForLastWords = true },
        new("LiveAvatar", PlatformRequests.LiveAvatar) { Id = "RM_x7Kd2" },
        new("Pipecat", PlatformRequests.Pipecat.With(("X-Call", "call-3"))) { Id = "call-3", Settings = Known("header:X-Call", "pipecat"), Again = Retried },
        new("TRTC", PlatformRequests.Trtc) { Id = "task-5f" },
        new("Volcengine", PlatformRequests.Volcengine) { Id = "c-9" },
        new("Agora", PlatformRequests.Agora) { Id = "room-8" },
        new("ZEGO", PlatformRequests.Zego) { Id = "1912405" },
        new("Cartesia", PlatformRequests.Cartesia with { Path = "/v1/chat/completions?call=c-4" }, "end_call {}", $$"""transfer_to_number {"number":"{{Number}}"}""")
        {
            Id = "c-4",
            Settings = Known("query:call"),
        },
        new("Deepgram", PlatformRequests.Deepgram) { Id = "c-9", Settings = Known("query:call", "deepgram") },
        new("Telnyx", PlatformRequests.Telnyx, "hangup {}", $$"""transfer {"to":"{{Number}}"}""") { Id = "v3:u5OA" },
        new("Fish Audio", PlatformRequests.FishAudio, "hang_up_call {}", $$"""_transfer_call {"number":"{{Number}}"}""") { Id = "ses_41" },
        new("D-ID", PlatformRequests.Did) { Id = "person-3" },
        new("Bolna", PlatformRequests.Bolna.With(("X-Call", "call-5")), """end_call {"reason":"The conversation is over."}""", $$"""transfer_call_desk {"call_transfer_number":"{{Number}}"}""")
        {
            Id = "call-5",
            Settings = Known("header:X-Call"),
            Again = Retried,
        },
        new("Vocode", PlatformRequests.Vocode.With(("X-Call", "call-6")), "action_end_conversation {}") { Id = "call-6", Settings = Known("header:X-Call"), Again = Retried },
    ];

    // The tool of LiveKit's own toolkit asks for no text beside it: https://github.com/livekit/agents, livekit-agents/livekit/agents/beta/tools/end_call.py
    private static PlatformRequest LiveKit => PlatformRequests.LiveKit.With(
        body => body["tools"]![1]!["function"]!["description"] = "Ends the current call. Don't generate any other text or response when the tool is called.");

    // OpenAI's libraries count their repeats.
    private static IReadOnlyList<(string Name, string Value)> Retried => [("x-stainless-retry-count", "1")];

    private static Dictionary<string, string?> Known(string call, string? platform = null) => new() { ["Calls:Id"] = call, ["Models:0:Platform"] = platform };
}

/// <summary>A model that books a room when it is asked to and sees no result, and acts on a goodbye and a wish for a person.</summary>
internal sealed class BookingModel
{
    public const string Greeting = "From seven to ten.";
    public const string Booked = "Room 12 is yours.";
    public const string Goodbye = "Goodbye.";
    public const string PutThrough = "I put you through.";
    public const string NotPossible = "That is not possible here.";

    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _askedTwice = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    /// <param name="answersAtOnce">Whether it answers as soon as it has got the result of its tool.</param>
    public BookingModel(bool answersAtOnce = false)
    {
        if (answersAtOnce)
        {
            _held.SetResult();
        }
    }

    /// <summary>Completes when it has got the result of its tool, and does not answer: the platform gives up.</summary>
    public Task Held => _held.Task;

    /// <summary>Completes when it was asked twice to book.</summary>
    public Task AskedTwice => _askedTwice.Task;

    public async Task AnswerAsync(UpstreamExchange exchange)
    {
        var messages = exchange.Request.Json.GetProperty("messages").EnumerateArray().ToList();
        var last = messages.FindLastIndex(message => Role(message) == "user");
        var said = messages[last].GetProperty("content").ToString();
        var isTold = messages.Skip(last).Any(message => Role(message) == "tool");
        if (said.Contains("Book", StringComparison.Ordinal) && !isTold && Interlocked.Increment(ref _asked) == 2)
        {
            _askedTwice.SetResult();
        }

        if (said.Contains("Book", StringComparison.Ordinal) && isTold && _held.TrySetResult())
        {
            await exchange.StartAsync();
            await exchange.SilenceAsync();
            return;
        }

        var answer = said.Contains("Book", StringComparison.Ordinal)
            ? isTold ? Sse.Text(Booked) + ScriptedCall.End() : ScriptedCall.Call("book", """{"city":"Berlin"}""") + ScriptedCall.End("tool_calls")
            : said.Contains("bye", StringComparison.Ordinal)
            ? Sse.Text(Goodbye) + (isTold ? ScriptedCall.End() : ScriptedCall.Call("hangup") + ScriptedCall.End("tool_calls"))
            : said.Contains("person", StringComparison.Ordinal)
            ? isTold ? Sse.Text(NotPossible) + ScriptedCall.End() : Sse.Text(PutThrough) + ScriptedCall.Call("transfer") + ScriptedCall.End("tool_calls")
            : Sse.Text(Greeting) + ScriptedCall.End();
        await Failures.Stream(Sse.Role + answer)(exchange);
    }

    public static string? Role(JsonElement message) => message.GetProperty("role").GetString();
}
