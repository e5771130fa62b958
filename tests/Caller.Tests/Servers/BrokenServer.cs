namespace Caller.Tests.Servers;

/// <summary>A server with one defect.</summary>
/// <param name="Name">The defect.</param>
/// <param name="Caught">The check that is meant to find it.</param>
/// <param name="Create">Makes its behaviour, with a state of its own.</param>
/// <param name="AlsoFails">Other required checks that fail from the same cause; anything else is a false finding.</param>
public sealed record BrokenServer(string Name, string Caught, Func<ServerBehaviour> Create, params string[] AlsoFails)
{
    public static readonly IReadOnlyList<BrokenServer> All =
    [
        .. BrokenTransport.All, .. BrokenChunks.All, .. BrokenOrder.All, .. BrokenTools.All, .. BrokenAccess.All, .. BrokenTurns.All,
        .. BrokenCalls.All, ManualSample.Server,
    ];

    public BrokenServer(string name, string caught, ServerBehaviour behaviour, params string[] alsoFails)
        : this(name, caught, () => behaviour, alsoFails)
    {
    }
}
