using Microsoft.Extensions.AI;
using Polly;

namespace Switchboard.Failover;

/// <summary>One way to get an answer: an upstream, or the only responder of a model.</summary>
/// <param name="Name">How logs call it: the upstream's host, or the responder's name.</param>
/// <param name="Client">What answers.</param>
/// <param name="Circuit">Skips the route while it keeps failing, and probes it again.</param>
internal sealed record Route(string Name, IChatClient Client, ResiliencePipeline Circuit)
{
    /// <summary>Whether what it thinks before it speaks goes on: another service may want it back with the results of tools. An upstream never gets it back.</summary>
    public bool PassesThoughts { get; init; } = true;
}
