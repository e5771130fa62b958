using System.Text.RegularExpressions;
using Caller.Wire;

namespace Caller.Check;

/// <summary>
/// Makes the requests, bounded in number and time, and only then judges: the checks are pure functions of what was seen.
/// </summary>
internal sealed partial class CheckRun(PlatformClient client, CheckOptions options, TimeProvider time)
{
    /// <summary>A key no server has.</summary>
    public const string WrongKey = "caller-check-wrong-key-5821";

    private const int BargeIns = 5;

    // So that the newer request does not overtake the older one.
    private static readonly TimeSpan BeforeSuperseding = TimeSpan.FromMilliseconds(50);

    /// <summary>Words nobody says by chance: where one turns up, it was carried there.</summary>
    public static readonly IReadOnlyList<string> Markers =
        ["marigold-4171", "obsidian-2638", "zeppelin-9305", "paprika-5562", "lantern-8817", "cobalt-7746", "thistle-1093", "walrus-6320"];

    private readonly Questions _questions = new(options, client.Endpoint, time);
    private readonly List<Probe> _probes = [];

    private ExchangeLimits Limits => new(options.Timeout, options.AfterDone);

    public static string MarkerIn(string said) => Marker().Match(said) is { Success: true } match ? match.Value : "no marker";

    /// <summary>Makes all requests and judges all checks.</summary>
    /// <param name="onProbe">Told the name of each request when it was answered.</param>
    /// <param name="cancellationToken">Stops the run; throws.</param>
    public async Task<CheckReport> ExecuteAsync(Action<string>? onProbe, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        string? stoppedBecause;
        try
        {
            stoppedBecause = await AskAllAsync(onProbe, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            stoppedBecause = $"the time for the whole run ({Judging.Seconds(options.Deadline)}) was over";
        }

        var seen = new Observations(options, client.Endpoint.Turns, [.. _probes]) { StoppedBecause = stoppedBecause };
        var redactor = new Redactor(options.Key);
        var results = CheckCatalogue.For(options.Platform).Select(check => new CheckResult(check, check.Judge(seen).ToShow(redactor)));
        return new CheckReport(redactor.Clean(client.Endpoint.Turns.AbsoluteUri), options.Model, time.GetUtcNow(), time.GetElapsedTime(start), _probes.Count, [.. results])
        {
            Platform = options.Platform.Name,
            StoppedBecause = stoppedBecause is null ? null : redactor.Clean(stoppedBecause),
            IsUnanswered = _probes is [{ Exchange.End: ExchangeEnd.NotConnected }],
        };
    }

    private async Task<string?> AskAllAsync(Action<string>? onProbe, CancellationToken cancellationToken)
    {
        var asked = _questions.Greeting(ProbeNames.Greeting);
        var greeting = await AskAsync(asked, onProbe, cancellationToken);
        if (Hopeless(greeting) is { } reason)
        {
            if (greeting.Status is >= 400 and < 500)
            {
                // Is it what the platform adds to OpenAI's request?
                await AskAsync(_questions.Plain(), onProbe, cancellationToken);
            }

            return reason;
        }

        var first = await AskAsync(_questions.Long(ProbeNames.Long), onProbe, cancellationToken);
        if (StreamingChecks.LooksBuffered(first))
        {
            // A cold start looks the same once, but not twice.
            await AskAsync(_questions.Long(ProbeNames.LongAgain), onProbe, cancellationToken);
        }

        await AskTogetherAsync([.. _questions.Variations()], onProbe, cancellationToken);
        await AskAsync(asked with { Name = ProbeNames.Repeated }, onProbe, cancellationToken);
        foreach (var question in _questions.Keys().Concat(_questions.Failures()))
        {
            await AskAsync(question, onProbe, cancellationToken);
        }

        await InterruptAsync(1, ProbeNames.AfterBargeIn, onProbe, cancellationToken);
        await InterruptAsync(BargeIns, ProbeNames.AfterManyBargeIns, onProbe, cancellationToken);
        await AskAsync(_questions.Marked(ProbeNames.FirstCall, Markers.Count - 1), onProbe, cancellationToken);
        await AskAsync(_questions.SecondCall(), onProbe, cancellationToken);

        var together = Enumerable.Range(0, Math.Max(2, options.Parallel)).Select(number => _questions.Marked(ProbeNames.Parallel, number)).ToList();
        var answers = await Task.WhenAll(together.Select(question => SendAsync(question, cancellationToken)));
        foreach (var (question, exchange) in together.Zip(answers))
        {
            Keep(question, exchange, onProbe);
        }

        if (!options.Platform.IsIms)
        {
            await AskAsPlatformAsync(onProbe, cancellationToken);
        }

        await AskAsync(_questions.Greeting(ProbeNames.Last), onProbe, cancellationToken);
        return null;
    }

    /// <summary>What only this platform does.</summary>
    private async Task AskAsPlatformAsync(Action<string>? onProbe, CancellationToken cancellationToken)
    {
        await AskTogetherAsync([.. _questions.OfPlatform()], onProbe, cancellationToken);
        foreach (var question in _questions.Again())
        {
            await AskAsync(question, onProbe, cancellationToken);
        }

        if (options.Platform.Speculates)
        {
            var (guess, whole) = _questions.Guessing();
            Keep(guess, await SendAsync(guess, cancellationToken, frame => frame.Chunk?.Content is not { Length: > 0 }), onProbe);
            await AskAsync(whole, onProbe, cancellationToken);
            var (older, newer) = _questions.Superseding();
            var first = SendAsync(older, cancellationToken);
            await Task.WhenAny(first, Task.Delay(BeforeSuperseding, time, cancellationToken));
            var second = await SendAsync(newer, cancellationToken);
            Keep(older, await first, onProbe);
            Keep(newer, second, onProbe);
        }
    }

    // Going on would only repeat one finding sixty times, each at the cost of a timeout.
    private static string? Hopeless(Exchange greeting) => greeting switch
    {
        { Status: 0 } => "the first turn got no answer",
        { Status: not 200 } => $"the first turn was answered {greeting.Status}",
        { End: ExchangeEnd.TimedOut or ExchangeEnd.TooLong } => "the answer to the first turn never ended",
        _ => null,
    };

    private async Task AskTogetherAsync(IReadOnlyList<Question> questions, Action<string>? onProbe, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(Math.Max(1, options.Parallel));
        var exchanges = await Task.WhenAll(questions.Select(async question =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                return await SendAsync(question, cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }));
        foreach (var (question, exchange) in questions.Zip(exchanges))
        {
            // Told to come back: it was asked beside others, so it is asked once more alone.
            Keep(question, exchange.Status == 429 ? await SendAsync(question, cancellationToken) : exchange, onProbe);
        }
    }

    private async Task InterruptAsync(int times, string next, Action<string>? onProbe, CancellationToken cancellationToken)
    {
        for (var count = 0; count < times; count++)
        {
            var question = _questions.LongBargeIn();
            Keep(question, await SendAsync(question, cancellationToken, frame => frame.Chunk?.Content is not { Length: > 0 }), onProbe);
        }

        await AskAsync(_questions.Greeting(next), onProbe, cancellationToken);
    }

    private async Task<Exchange> AskAsync(Question question, Action<string>? onProbe, CancellationToken cancellationToken)
    {
        var exchange = await SendAsync(question, cancellationToken);
        Keep(question, exchange, onProbe);
        return exchange;
    }

    private async Task<Exchange> SendAsync(Question question, CancellationToken cancellationToken, Func<Frame, bool>? onFrame = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var exchange = await client.SendAsync(question.Ask, Limits, onFrame, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Platform.Reading.Aside is not { } aside)
        {
            return exchange;
        }

        var answer = exchange.Frames.Where(frame => frame.Chunk?.Root.FindText(aside.Field) != aside.Value).ToList();
        return exchange with { Frames = answer, WithAsides = exchange.Frames };
    }

    private void Keep(Question question, Exchange exchange, Action<string>? onProbe)
    {
        _probes.Add(new Probe(question.Name, question.Kind, question.Said, exchange));
        onProbe?.Invoke(question.Name);
    }

    // The look-behind keeps it linear: a word is tried from its beginning only.
    [GeneratedRegex(@"(?<![a-z])[a-z]+-\d{4}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marker();
}
