using System.Collections;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Turn;

/// <summary>The log lines of a turn. None carries a key, a prompt or what was said.</summary>
internal static partial class TurnLog
{
    /// <summary>The one line that every turn leaves.</summary>
    public static void Ended(ILogger logger, TurnRecord turn)
    {
        // Whoever has no key can ask as often as they like, and must not fill the log: see RefusedAccess.
        var level = turn.Key is null ? LogLevel.Debug
            : turn.Outcome is TurnOutcome.Failed or TurnOutcome.Apologised ? LogLevel.Warning
            : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            var firstSpeech = Milliseconds(turn.FirstSpeech);
            var total = Milliseconds(turn.Elapsed);
            Ended(
                logger, level, turn.Call.InstanceId, turn.Call.SentenceId, turn.Call.Platform, turn.Model, turn.Outcome, turn.ErrorCode ?? "none",
                firstSpeech, total, turn.Key ?? "none", turn.RequestId);
        }
    }

    private static double? Milliseconds(TimeSpan? time) => time is { } value ? Math.Round(value.TotalMilliseconds, 1) : null;

    [LoggerMessage(EventId = 100, Message =
        "Turn ended: call {Call}, turn {Turn}, platform {Platform}, model {Model}, outcome {Outcome}, error {Error}, first speech {FirstSpeechMs} ms, total {TotalMs} ms, key {Key}, request {RequestId}")]
    private static partial void Ended(
        ILogger logger, LogLevel level, LogText call, LogText turn, LogText platform, LogText model, LogText outcome, LogText error,
        double? firstSpeechMs, double? totalMs, LogText key, LogText requestId);

    /// <summary>Why a turn failed. An exception's message may quote what was said or a key, so only types and places are told here.</summary>
    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "The responder of model {Model} failed: {Failure}; request {RequestId}")]
    public static partial void ResponderFailed(ILogger logger, LogText model, FailureText failure, LogText requestId);

    [LoggerMessage(EventId = 102, Level = LogLevel.Trace, Message = "The full exception, which may quote what was said")]
    public static partial void ResponderFailedInFull(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 103, Level = LogLevel.Warning, Message =
        "The client did not take its answer in time, and its connection was closed; request {RequestId}")]
    public static partial void CutOff(ILogger logger, LogText requestId);

    [LoggerMessage(EventId = 104, Level = LogLevel.Warning, Message =
        "The answer was ended with finish_reason length, since {Platform} takes no more than {Most} bytes of one; request {RequestId}")]
    public static partial void TooLong(ILogger logger, LogText platform, int? most, LogText requestId);
}

/// <summary>
/// The log scope of a turn: every line logged inside carries the ids of the call, as far as they are known by then.
/// Phone numbers and userData are left out.
/// </summary>
internal sealed class TurnScope(TurnRecord turn) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => Values.Length;

    private KeyValuePair<string, object?>[] Values =>
    [
        .. new[]
        {
            ("RequestId", turn.RequestId),
            ("Key", turn.Key),
            ("Platform", turn.Call.Platform),
            ("InstanceId", LogText.Clean(turn.Call.InstanceId)),
            ("ChannelId", LogText.Clean(turn.Call.ChannelId)),
            ("SentenceId", LogText.Clean(turn.Call.SentenceId)),
            ("TaskId", LogText.Clean(turn.Call.TaskId)),
            ("RoomId", LogText.Clean(turn.Call.RoomId)),
        }.Where(pair => pair.Item2 is not null).Select(pair => KeyValuePair.Create(pair.Item1, (object?)pair.Item2)),
    ];

    public KeyValuePair<string, object?> this[int index] => Values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', Values.Select(value => $"{value.Key}:{value.Value}"));
}
