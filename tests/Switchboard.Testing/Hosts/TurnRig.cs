using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Switchboard.Testing;

/// <summary>The app with the model <c>voice</c>, on a clock that only the test moves.</summary>
internal sealed class TurnRig : IAsyncDisposable
{
    public const string Apology = "I am sorry, something went wrong.";

    /// <summary>What no log line may hold: it is in the prompt, in what is said by the caller, in keys, and in the errors of upstreams.</summary>
    public const string Secret = "secret";

    private TurnRig(TestHost host, WatchedTime time) => (Host, Time) = (host, time);

    public TestHost Host { get; }

    public WatchedTime Time { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The model asks <paramref name="upstreams"/>; <paramref name="settings"/> are the model's, or with a leading slash the app's.</summary>
    public static Task<TurnRig> StartAsync(IReadOnlyList<FaultyUpstream> upstreams, params (string Name, string Value)[] settings)
    {
        var values = Values("upstream", settings);
        for (var index = 0; index < upstreams.Count; index++)
        {
            values[$"Models:1:Upstreams:{index}:BaseUrl"] = upstreams[index].BaseUrl.ToString();
            values[$"Models:1:Upstreams:{index}:ApiKey"] = $"sk-{Secret}-{index}";
        }

        return StartAsync(null, values);
    }

    /// <summary>The model is answered by <paramref name="responder"/>.</summary>
    public static Task<TurnRig> StartAsync(IChatClient responder, params (string Name, string Value)[] settings) => StartAsync(responder, Values("fake", settings));

    /// <summary>The next turn that reaches <paramref name="upstream"/>; warm-ups are passed over.</summary>
    public static async Task<RecordedRequest> NextTurnAsync(FaultyUpstream upstream)
    {
        while (true)
        {
            var request = await upstream.NextRequestAsync(Cancelled);
            if (request.Method == "POST")
            {
                return request;
            }
        }
    }

    /// <summary>How many turns have reached <paramref name="upstream"/>.</summary>
    public static int Asked(FaultyUpstream upstream) => upstream.Requests.Count(request => request.Method == "POST");

    /// <summary>Posts a turn; <paramref name="more"/> is further fields of its request.</summary>
    public Task<HttpResponseMessage> PostAsync(bool stream = true, string? call = null, string? sentence = null, string key = TestHost.Key, string more = "") =>
        PostUntilAsync(stream, call, sentence, Cancelled, key, more);

    /// <summary>A caller who leaves when <paramref name="leave"/> says so.</summary>
    public Task<HttpResponseMessage> PostUntilAsync(bool stream, string? call, string? sentence, CancellationToken leave, string key = TestHost.Key, string more = "")
    {
        var extend = call is null ? "" : $$""","extendData":{"instanceId":"{{call}}","channelId":"c","sentenceId":"{{sentence ?? "1"}}"}""";
        return Host.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Headers = { Authorization = new("Bearer", key) },
                Content = Json.Content(Json.Request("voice", $"my {Secret}", stream, extend + more)),
            },
            HttpCompletionOption.ResponseHeadersRead,
            leave);
    }

    /// <summary>A whole turn that needs no help of the clock.</summary>
    public async Task<Answer> AskAsync(bool stream = true, string? call = null)
    {
        using var reader = await AnswerReader.OpenAsync(PostAsync(stream, call));
        return await reader.ReadToEndAsync();
    }

    /// <summary>Moves the clock to a millisecond before <paramref name="wait"/> is over, lets the test look, and moves it on.</summary>
    public void Advance(TimeSpan wait, Action? before = null)
    {
        Time.Advance(wait - TimeSpan.FromMilliseconds(1));
        before?.Invoke();
        Time.Advance(TimeSpan.FromMilliseconds(1));
    }

    /// <summary>Asserts that no log line holds what was said, a key, or what an upstream wrote.</summary>
    public void AssertNothingSecretIsLogged() => Assert.DoesNotContain(
        Host.Logs.GetSnapshot(),
        line => $"{line.Message} {line.Exception} {string.Join(' ', line.Scopes)} {string.Join(' ', line.StructuredState ?? [])}".Contains(Secret, StringComparison.OrdinalIgnoreCase));

    /// <summary>Asserts that Switchboard itself (not a web server that is short of processors) warned of nothing.</summary>
    public void AssertNothingIsWarnedOf() => Assert.DoesNotContain(
        Host.Logs.GetSnapshot(), line => line.Level >= LogLevel.Warning && line.Category!.StartsWith("Switchboard", StringComparison.Ordinal));

    /// <summary>The messages of the lines with this event id.</summary>
    public IReadOnlyList<string> Logged(int id) => [.. Host.Logs.GetSnapshot().Where(line => line.Id.Id == id).Select(line => line.Message)];

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private static async Task<TurnRig> StartAsync(IChatClient? responder, Dictionary<string, string?> values)
    {
        var time = new WatchedTime();
        values.TryAdd("Models:0:Default", "true");
        return new TurnRig(await TestHost.StartAsync(responder, values, time), time);
    }

    private static Dictionary<string, string?> Values(string responder, (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["Models:1:Id"] = "voice", ["Models:1:Responder"] = responder };
        foreach (var (name, value) in settings)
        {
            values[name.StartsWith('/') ? name[1..] : $"Models:1:{name}"] = value;
        }

        return values;
    }
}

/// <summary>The line that a turn leaves, with its times.</summary>
internal sealed record TurnLine(string? Outcome, string? Error, TimeSpan? FirstSpeech, TimeSpan Total)
{
    /// <summary>The last turn of the model <c>voice</c>.</summary>
    public static TurnLine Of(TestHost host)
    {
        var line = host.Logs.GetSnapshot().Last(record => record.Id.Id == 100 && record.GetStructuredStateValue("Model") == "voice");
        return new(
            line.GetStructuredStateValue("Outcome"),
            line.GetStructuredStateValue("Error"),
            line.GetStructuredStateValue("FirstSpeechMs") is { } speech ? Milliseconds(speech) : null,
            Milliseconds(line.GetStructuredStateValue("TotalMs")!));
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(double.Parse(text, CultureInfo.InvariantCulture));
}
