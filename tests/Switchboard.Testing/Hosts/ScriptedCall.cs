using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Switchboard.Testing;

/// <summary>The app in front of an upstream that answers as a test scripts it, all of it over HTTP.</summary>
internal sealed partial class ScriptedCall : IAsyncDisposable
{
    private readonly FaultyUpstream _upstream;

    private ScriptedCall(FaultyUpstream upstream, TurnRig rig) => (_upstream, Rig) = (upstream, rig);

    public TurnRig Rig { get; }

    /// <summary>The requests that the upstream got, in order.</summary>
    public IReadOnlyList<JsonElement> Asked => [.. _upstream.Requests.Where(request => request.Method == "POST").Select(request => request.Json)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="rounds">The events of one answer of the upstream after the other.</param>
    /// <param name="settings">The model's settings; a leading slash makes one the app's.</param>
    public static Task<ScriptedCall> StartAsync(string[] rounds, params (string Name, string Value)[] settings) =>
        StartAsync([.. rounds.Select(round => Failures.Stream(Sse.Role + round))], settings);

    public static async Task<ScriptedCall> StartAsync(Behaviour[] rounds, params (string Name, string Value)[] settings)
    {
        var upstream = FaultyUpstream.Start(rounds);
        return new ScriptedCall(upstream, await TurnRig.StartAsync([upstream], settings));
    }

    /// <summary>The end of an answer.</summary>
    public static string End(string reason = "stop") => Sse.Finish(reason) + Sse.Usage + Sse.Done;

    /// <summary>A tool call in two fragments, as OpenAI streams it; <paramref name="arguments"/> need not be JSON.</summary>
    public static string Call(string name, string arguments = "{}", int index = 0)
    {
        var half = arguments.Length / 2;
        return Sse.Delta($$$"""{"tool_calls":[{"index":{{{index}}},"id":"call_{{{index}}}","type":"function","function":{"name":"{{{name}}}","arguments":{{{Sse.Quote(arguments[..half])}}}}}]}""")
            + Sse.Delta($$$"""{"tool_calls":[{"index":{{{index}}},"function":{"arguments":{{{Sse.Quote(arguments[half..])}}}}}]}""");
    }

    /// <summary>A turn; <paramref name="more"/> is further fields of its request.</summary>
    /// <returns>The body to the letter, but for what differs from run to run: the heads of the chunks, and ids that were made here.</returns>
    public async Task<string> SayAsync(string said = "Hello", string more = "", bool stream = true)
    {
        using var response = await Rig.Host.PostAsync(Json.Request("voice", said, stream, more));
        return WithoutHead(EventReader.WithoutIds(await response.Content.ReadAsStringAsync(Cancelled)));
    }

    /// <summary>The body of a whole streamed answer with these deltas, each given as JSON.</summary>
    public static string Body(string finishReason, params string[] deltas) => string.Concat(
        deltas.Prepend("""{"role":"assistant","content":""}""")
            .Select(delta => $$"""data: {"choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""" + "\n\n"))
        + $$"""data: {"choices":[{"index":0,"delta":{},"finish_reason":"{{finishReason}}"}]}""" + "\n\ndata: [DONE]\n\n";

    public static string Content(string text) => $$"""{"content":"{{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}}"}""";

    public static string ToolCall(string name, string arguments = "{}", string id = "call_0") =>
        $$$"""{"tool_calls":[{"index":0,"id":"{{{id}}}","type":"function","function":{"name":"{{{name}}}","arguments":"{{{JsonEncodedText.Encode(arguments, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}}}"}}]}""";

    public async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static string WithoutHead(string body) => ChunkHead().Replace(body, "");

    [GeneratedRegex("\"id\":\"chatcmpl-ID\",\"object\":\"chat.completion(?:.chunk)?\",\"created\":[0-9]+,\"model\":\"voice\",")]
    private static partial Regex ChunkHead();
}
