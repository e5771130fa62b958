using System.Collections;
using Switchboard.Calls;

namespace Switchboard.Telemetry;

/// <summary>The log scope of a turn: every line logged inside carries the ids of the call. Phone numbers and userData are left out.</summary>
internal sealed class TurnScope(string requestId, CallContext call) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?>[] _values =
    [
        .. new[]
        {
            ("RequestId", requestId),
            ("InstanceId", LogText.Clean(call.InstanceId)),
            ("ChannelId", LogText.Clean(call.ChannelId)),
            ("SentenceId", LogText.Clean(call.SentenceId)),
            ("TaskId", LogText.Clean(call.TaskId)),
            ("RoomId", LogText.Clean(call.RoomId)),
        }.Where(pair => pair.Item2 is not null).Select(pair => KeyValuePair.Create(pair.Item1, (object?)pair.Item2)),
    ];

    public int Count => _values.Length;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', _values.Select(value => $"{value.Key}:{value.Value}"));
}
