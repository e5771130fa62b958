namespace Switchboard.Keys;

/// <summary>What the key ring says of a key.</summary>
internal enum KeyCheck
{
    /// <summary>The keys are not loaded yet, or there are none to load, so nobody can say whether this one is good.</summary>
    Unavailable,

    Rejected,

    Accepted,
}
