namespace Switchboard.Common;

/// <summary>The last names that came, each once: so that a line about one is not repeated. The oldest are forgotten.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class RecentNames(int most = RecentNames.Most)
{
    /// <summary>At 256 characters each, half a megabyte.</summary>
    public const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Whether <paramref name="name"/> is new.</summary>
    public bool Add(string name)
    {
        lock (_gate)
        {
            if (!_names.Add(name))
            {
                return false;
            }

            _order.Enqueue(name);
            if (_order.Count > most)
            {
                _names.Remove(_order.Dequeue());
            }

            return true;
        }
    }
}
