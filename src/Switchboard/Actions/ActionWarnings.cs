using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>Which calls have been warned of: once each for each action, though the responder asks again in every turn.</summary>
internal sealed class ActionWarnings
{
    /// <summary>How many are remembered; then the oldest may be warned of again.</summary>
    public const int Most = 1024;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Call, string Action)> _known = [];
    private readonly Queue<(string Call, string Action)> _order = [];

    /// <summary>Whether this is the first of its call. A call without an id is no other's, so that each of its turns is the first.</summary>
    public bool IsFirst(CallContext call, string action)
    {
        if ((call.InstanceId ?? call.TaskId) is not { } id)
        {
            return true;
        }

        lock (_lock)
        {
            if (!_known.Add((id, action)))
            {
                return false;
            }

            _order.Enqueue((id, action));
            if (_order.Count > Most)
            {
                _known.Remove(_order.Dequeue());
            }

            return true;
        }
    }
}
