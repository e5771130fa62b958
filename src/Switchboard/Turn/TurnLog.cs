using System.Collections;
using System.Globalization;
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
            var firstAnswer = Milliseconds(turn.FirstAnswer);
            var total = Milliseconds(turn.Duration);
            LogText speech = Told(firstSpeech);
            LogText answer = Told(firstAnswer);
            Ended(
                logger, level, turn.Call.InstanceId, turn.Call.SentenceId, turn.Call.Platform, turn.Model, turn.Route, turn.Outcome,
                turn.ErrorCode ?? "none", speech, answer, total, turn.KeyLabel ?? "none", turn.Settings, turn.RequestId, firstSpeech, firstAnswer);
        }
    }

    private static double? Milliseconds(TimeSpan? time) => time is { } value ? Math.Round(value.TotalMilliseconds, 1) : null;

    private static string Told(double? milliseconds) => milliseconds is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value} ms") : "none";

    // The times stand twice: as texts in the line, and beside it as numbers, or null, for who computes with them. These are found by the names of the parameters.
#pragma warning disable SYSLIB1015 // An argument is not referenced from the message.
    [LoggerMessage(EventId = 100, Message =
        "Turn ended: call {Call}, turn {Turn}, platform {Platform}, model {Model}, upstream {Upstream}, outcome {Outcome}, error {Error}, "
        + "first speech {FirstSpeech}, first answer {FirstAnswer}, total {TotalMs} ms, key {Key}, settings {Settings}, request {RequestId}")]
    private static partial void Ended(
        ILogger logger, LogLevel level, LogText call, LogText turn, LogText platform, LogText model, LogText upstream, LogText outcome, LogText error,
        LogText firstSpeech, LogText firstAnswer, double? totalMs, LogText key, LogText settings, LogText requestId, double? FirstSpeechMs, double? FirstAnswerMs);
#pragma warning restore SYSLIB1015

    /// <summary>Why a turn failed. An exception's message may quote what was said or a key, so only types and places are told here.</summary>
    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "The responder of model {Model} failed: {Failure}; call {Call}, request {RequestId}")]
    public static partial void ResponderFailed(ILogger logger, LogText model, FailureText failure, LogText call, LogText requestId);

    [LoggerMessage(EventId = 102, Level = LogLevel.Trace, Message = "The full exception, which may quote what was said")]
    public static partial void ResponderFailedInFull(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 103, Level = LogLevel.Warning, Message =
        "The client did not take its answer in time, and its connection was closed; call {Call}, request {RequestId}")]
    public static partial void CutOff(ILogger logger, LogText call, LogText requestId);

    [LoggerMessage(EventId = 104, Level = LogLevel.Warning, Message =
        "The answer was ended with finish_reason length, since {Platform} takes no more than {Most} bytes of one; call {Call}, request {RequestId}")]
    public static partial void TooLong(ILogger logger, LogText platform, int? most, LogText call, LogText requestId);

    [LoggerMessage(EventId = 105, Level = LogLevel.Information, Message =
        "The model {Asked} is not configured, and the default {Model} answers for it; call {Call}, request {RequestId}")]
    public static partial void OtherModel(ILogger logger, LogText asked, LogText model, LogText call, LogText requestId);
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
            ("Key", turn.KeyLabel),
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
