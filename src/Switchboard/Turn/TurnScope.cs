using System.Collections;
using Switchboard.Common;

namespace Switchboard.Turn;

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
