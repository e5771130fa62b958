namespace Switchboard.Access;

/// <summary>What the key ring says of a key.</summary>
internal enum KeyCheck
{
    /// <summary>No keys are loaded, so nobody can be let in.</summary>
    Unavailable,

    Rejected,

    Accepted,
}
