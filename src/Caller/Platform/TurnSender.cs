using System.Globalization;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>A request, its answer, and what the platform took of it.</summary>
/// <param name="Exchange">The last attempt.</param>
/// <param name="Heard">What was read of it.</param>
internal sealed record SentTurn(Exchange Exchange, HeardAnswer Heard);

/// <summary>Sends turns as a platform's client does: reads by its rules, and asks again when it would.</summary>
/// <param name="client">Makes the requests.</param>
/// <param name="platform">Who asks.</param>
/// <param name="time">The clock.</param>
/// <param name="wait">Waits before a repeat; null: on the clock.</param>
internal sealed class TurnSender(PlatformClient client, VoicePlatform platform, TimeProvider time, Func<TimeSpan, CancellationToken, Task>? wait = null)
{
    // openai/openai-python, _constants.py and _base_client.py: a longer Retry-After ends the attempts.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(2);

    /// <summary>Sends a turn until it is answered or its client gives up.</summary>
    /// <param name="request">The turn.</param>
    /// <param name="limits">How long an attempt may take.</param>
    /// <param name="onText">Hears what is spoken; returning false hangs up.</param>
    /// <param name="onRepeat">Told before each repeat what came of the attempt, and what it waits for.</param>
    /// <param name="cancellationToken">Hangs up.</param>
    public async Task<SentTurn> SendAsync(TurnRequest request, ExchangeLimits limits, Func<string, bool> onText, Action<SentTurn, TimeSpan> onRepeat, CancellationToken cancellationToken)
    {
        // Where a turn is not sent again, waiting longer than the platform only shows more.
        var patient = platform.Retries.Kind is RetryKind.AnyOrEmpty ? platform.Patience : null;
        for (var attempt = 0; ; attempt++)
        {
            var reader = new AnswerReader(platform);
            var exchange = await client.SendAsync(request.Ask(attempt), limits with { FirstOutput = patient, Silence = platform.Reading.Silence }, frame =>
            {
                var text = reader.Push(frame);
                return text.Length == 0 || onText(text);
            }, cancellationToken);
            var sent = new SentTurn(exchange, reader.Complete(exchange));
            if (exchange.End == ExchangeEnd.Aborted || attempt >= platform.Retries.Most || Pause(sent, reader.HasOutput, attempt) is not { } pause)
            {
                return sent;
            }

            onRepeat(sent, pause);
            if (wait is null)
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else
            {
                await wait(pause, cancellationToken);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return sent with { Exchange = exchange with { End = ExchangeEnd.Aborted } };
            }
        }
    }

    /// <summary>How long to wait before the turn is sent again; null: it is not.</summary>
    private TimeSpan? Pause(SentTurn sent, bool hasOutput, int attempt) => platform.Retries.Kind switch
    {
        RetryKind.Failures => sent.Exchange.Status is 0 or 408 or 429 or >= 500 ? Backoff(attempt) : null,
        RetryKind.OpenAi => LikeOpenAi(sent.Exchange, attempt),
        RetryKind.BeforeOutput => Failed(sent.Exchange) && !hasOutput && sent.Exchange.Status is not (>= 400 and < 500 and not (408 or 429))
            ? attempt == 0 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(2) : null,
        RetryKind.AnyOrEmpty => Failed(sent.Exchange) || sent.Heard.IsEmpty ? TimeSpan.Zero : null,
        _ => null,
    };

    private static bool Failed(Exchange exchange) =>
        exchange is not { Status: 200, IsStream: true, End: ExchangeEnd.Complete or ExchangeEnd.LeftOpen } || exchange.Chunks.Any(chunk => chunk.Error is not null);

    private TimeSpan? LikeOpenAi(Exchange exchange, int attempt)
    {
        var told = RetryAfter(exchange);
        if (told > LongestRetryAfter)
        {
            return null;
        }

        var again = exchange.Header("x-should-retry") switch
        {
            "true" when exchange.Status >= 400 => true,
            "false" => false,
            _ => exchange.Status is 0 or 408 or 409 or 429 or >= 500,
        };

        return !again ? null : told > TimeSpan.Zero ? told : Backoff(attempt);
    }

    // OpenAI's library takes up to a quarter off, by chance.
    private static TimeSpan Backoff(int attempt) => TimeSpan.FromSeconds(Math.Min(8, 0.5 * Math.Pow(2, attempt)));

    private TimeSpan? RetryAfter(Exchange exchange)
    {
        double? Number(string name) => double.TryParse(exchange.Header(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < 1e9 ? value : null;
        return Number("retry-after-ms") is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds)
            : Number("retry-after") is { } seconds ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParse(exchange.Header("retry-after"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - time.GetUtcNow()
            : null;
    }
}
