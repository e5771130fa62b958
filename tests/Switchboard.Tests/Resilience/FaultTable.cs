namespace Switchboard.Tests.Resilience;

/// <summary>The rows of docs/faults.md.</summary>
internal static class FaultTable
{
    private const string Error = "upstream_error";
    private const string Timeout = "upstream_timeout";
    private const string Arguments = """{"to":"the desk","reason":"the caller said \"now\"","tries":3}""";

    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        new("refuses the connection", _ => FaultyUpstream.Refusing(), "", Error, FaultTime.AtOnce, "could not be reached", FailsOver: true),
        Silent("accepts and never answers", Failures.NeverAnswer()),
        Silent("sends headers, then nothing", Failures.HeadersThenSilence()),
        Silent("reasons, then says nothing", Failures.ReasoningThenSilence()),
        Failing("reasons and ends", Failures.ReasoningOnly(), "sent an empty answer"),
        Failing("ends without a word", Failures.Stream(Sse.Role + Sse.Finish() + Sse.Done), "sent an empty answer"),
        new("says a word, then nothing", Of(Failures.OneTokenThenSilence()), "Hello ", null, FaultTime.Stall, "fell silent in its answer", FailsOver: false),
        Failing("resets before the headers", Failures.ResetBeforeHeaders(), "could not be reached"),
        Failing("resets before an event", Failures.ResetBeforeEvent(), "broke off its answer"),
        Failing("resets in the middle of an event", Failures.ResetInEvent(), "broke off its answer", "Hello "),
        Failing("closes without a finish reason", Failures.NoFinishNorEnd(), "broke off its answer", "Hello "),
        Failing("gives up, by its finish reason", Failures.Stream(Sse.Role + Sse.Text("Hello ") + Sse.Finish("insufficient_system_resource") + Sse.Done), "gave up its answer (insufficient_system_resource)", "Hello "),
        Harmless("ends without a finish reason", Failures.NoFinish(), "Hello "),
        Failing("sends invalid JSON", Failures.InvalidJson(), "sent an answer that is not a completion", "Hello "),
        Harmless("sends invalid UTF-8, cut between packets", Failures.InvalidUtf8(), "Hello \ufffd, you."),
        Failing("sends an HTML page with status 200", Failures.Html(), "sent an answer that is not a completion"),
        Failing("sends an HTML page with status 503", Failures.Html(503), "answered with status 503"),
        Failing("sends a JSON error with status 200", Failures.JsonError(), "reported an error in its answer"),
        Failing("sends a JSON error with status 200 that blames the request", Failures.JsonError("""{"message":"secret prompt","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}"""),
            "reported an error in its answer (context_length_exceeded, invalid_request_error)"),
        Failing("sends an error event after a word", Failures.ErrorEvent(), "reported an error in its answer, with code 500", "Hello "),
        Failing("answers 400", Failures.Status(400), "answered with status 400"),
        Harmless("refuses a field of the request", Failures.Refusing("stream_options"), "Hello there.") with { MostAsked = 2 },
        Failing("answers 401", Failures.Status(401), "answered with status 401"),
        Failing("answers 402", Failures.Status(402), "answered with status 402"),
        Failing("answers 403", Failures.Status(403), "answered with status 403"),
        Failing("answers 404", Failures.Status(404), "answered with status 404"),
        new("answers 408", Of(Failures.Status(408)), "", Timeout, FaultTime.AtOnce, "answered with status 408", FailsOver: true),
        Failing("answers 413", Failures.Status(413), "answered with status 413"),
        Failing("answers 422", Failures.Status(422), "answered with status 422"),
        Failing("answers 429", Failures.Status(429), "answered with status 429"),
        Failing("answers 429, Retry-After too long", Failures.Status(429, "60"), "answered with status 429"),
        Failing("answers 500", Failures.Status(500), "answered with status 500"),
        Failing("answers 503", Failures.Status(503), "answered with status 503"),
        Failing("redirects", Failures.Redirect(new Uri("http://127.0.0.1:1/v1")), "answered with status 307"),
        new("compresses with gzip", Gzip, "Hello there.", null, FaultTime.WhenItGoesOn, null, FailsOver: false),
        Failing("sends an event of 10 MB", Failures.HugeEvent(), "sent an answer that is too large", "Hello "),
        new("never stops talking", Of(Failures.Endless()), "on and on and ", Timeout, FaultTime.Turn, "CanceledException", FailsOver: false) { GoesOn = true },
        Harmless("sends packets of one byte", Failures.OneBytePackets(), "Hello there."),
        new("is slow with its headers", gate => FaultyUpstream.Start(Failures.After(gate, Failures.Answer())), "Hello there.", null, FaultTime.WhenItGoesOn, null, FailsOver: false),
        new("finishes, then nothing", Of(Failures.StreamThenSilence(Sse.Role + Sse.Text("Hello there.") + Sse.Finish())), "Hello there.", null, FaultTime.Tail, null, FailsOver: false),
        Harmless("finishes twice", Failures.DuplicateFinish(), "Hello there."),
        new("sends tool arguments in 50 fragments", Of(Failures.ToolCallInFragments(Arguments, 50)), "", null, FaultTime.AtOnce, null, FailsOver: false) { Call = ("note", Arguments) },
        Harmless("sends garbage after [DONE]", Failures.GarbageAfterDone(), "Hello there."),
    ];

    private static Func<Task, FaultyUpstream> Of(Behaviour behaviour) => _ => FaultyUpstream.Start(behaviour);

    private static FaultRow Silent(string name, Behaviour behaviour) => new(name, Of(behaviour), "", Timeout, FaultTime.FirstSpeech, "said nothing in time", FailsOver: true);

    private static FaultRow Failing(string name, Behaviour behaviour, string logged, string heard = "") =>
        new(name, Of(behaviour), heard, Error, FaultTime.AtOnce, logged, FailsOver: heard.Length == 0);

    private static FaultRow Harmless(string name, Behaviour behaviour, string heard) => new(name, Of(behaviour), heard, null, FaultTime.AtOnce, null, FailsOver: false);

    private static FaultyUpstream Gzip(Task gate)
    {
        var open = new SemaphoreSlim(0);
        _ = gate.ContinueWith(_ => open.Release(), TaskScheduler.Default);
        return FaultyUpstream.Start(Failures.Gzip(open));
    }
}
