using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>
/// Answers by the first route that speaks in time. Once something was said no other is asked: nothing is ever said twice.
/// </summary>
internal sealed partial class FirstSpeechChatClient(
    string model, IReadOnlyList<Route> routes, AnswerTimeouts timeouts, TimeProvider time, ILogger<FirstSpeechChatClient> logger) : StreamingChatClient
{
    private readonly CancellationTokenSource _lifetime = new();

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var notes = TurnNotes.Of(options);
        var race = new Race(
            routes,
            (client, token) => client.GetStreamingResponseAsync(messages, options, token),
            timeouts,
            time,
            (attempt, failure) => Report(TurnOptions.LoggerOf(logger, options), notes, attempt, failure),
            (attempt, failure) => ReportStopFailed(TurnOptions.LoggerOf(logger, options), attempt, failure),
            _lifetime.Token);
        var winner = await race.RunAsync(cancellationToken);
        notes.Route = winner.Responder;
        try
        {
            foreach (var update in winner.Held)
            {
                yield return update;
            }

            while (await winner.MoveNextAsync())
            {
                yield return winner.Current;
            }
        }
        finally
        {
            winner.Abandon();
        }
    }

    public override void Dispose()
    {
        // Ends the probes that outlived their turns.
        _lifetime.Cancel();
        _lifetime.Dispose();
        foreach (var route in routes)
        {
            route.Client.Dispose();
        }

        base.Dispose();
    }

    private void Report(ILogger turn, TurnNotes notes, Attempt attempt, Exception failure)
    {
        if (failure is BrokenCircuitException)
        {
            RouteSkipped(turn, model, attempt.Responder.Name);
        }
        else
        {
            notes.AddFailure(new RouteFailure(attempt.Responder, failure));
            var described = FailureText.Describe(failure);
            AttemptFailed(turn, model, attempt.Responder.Name, described);
        }
    }

    private void ReportStopFailed(ILogger turn, Attempt attempt, Exception failure)
    {
        var described = FailureText.Describe(failure);
        StopFailed(turn, model, attempt.Responder.Name, described);
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "Model {Model}: {Route} gave no answer: {Failure}")]
    private static partial void AttemptFailed(ILogger logger, LogText model, LogText route, FailureText failure);

    [LoggerMessage(EventId = 111, Level = LogLevel.Warning, Message = "Model {Model}: {Route} was not asked, because it keeps failing")]
    private static partial void RouteSkipped(ILogger logger, LogText model, LogText route);

    [LoggerMessage(EventId = 112, Level = LogLevel.Debug, Message = "Model {Model}: {Route} threw an exception when it was cancelled: {Failure}")]
    private static partial void StopFailed(ILogger logger, LogText model, LogText route, FailureText failure);
}

/// <summary>How long the caller may wait for the first word: <c>Models:n:FirstSpeech</c>.</summary>
public sealed class FirstSpeechOptions
{
    /// <summary>
    /// The time one attempt has to its first speakable text; headers and reasoning do not count. Then it is cancelled and the next
    /// upstream is asked. Default 00:00:02.500.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:02:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// The time one attempt has to the end of its first sentence, or to 60 letters: what comes in drops is heard as silence. Before the first word the next upstream
    /// is asked then; after it the answer ends as one that fell silent. Default: <c>StallTimeout</c> after its first word.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:02:00")]
    public TimeSpan? Sentence { get; set; }

    /// <summary>After which time without speech the next upstream is asked beside the slow one; the first to speak wins. Default: never.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:02:00")]
    public TimeSpan? HedgeAfter { get; set; }

    /// <summary>How long a turn waits.</summary>
    /// <param name="stall"><c>Models:n:StallTimeout</c>.</param>
    internal AnswerTimeouts WithStall(TimeSpan stall) => new(Deadline, Sentence ?? Deadline + stall, HedgeAfter, stall);
}
