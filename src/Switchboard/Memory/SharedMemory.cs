using Microsoft.Extensions.AI;

namespace Switchboard.Memory;

/// <summary>
/// What instances tell each other of the tools that have run for a call. It never fails, and nobody waits long for it: where it cannot be had, an instance
/// knows what it has done itself.
/// </summary>
internal abstract class SharedMemory
{
    /// <summary>What has been done for a call since it was last asked.</summary>
    public abstract Task<SharedNews> ReadAsync(CallKey call, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Says that a tool is about to be run, unless another instance has said so before: then what that one found is waited for.</summary>
    /// <param name="run">The run; without its result.</param>
    /// <param name="timeout">The longest that it may take: after that another instance may run it.</param>
    /// <param name="lifetime">How long ago the other run may have been.</param>
    public abstract Task<SharedClaim> ClaimAsync(SharedRun run, TimeSpan timeout, TimeSpan lifetime);

    /// <summary>Tells what a tool found; a stop waits for it.</summary>
    /// <param name="run">The run, with its result.</param>
    /// <param name="claim">What was claimed for it; null for a tool that is run by whoever calls it.</param>
    public abstract Task TellAsync(SharedRun run, SharedClaim? claim);
}

/// <summary>What has come in.</summary>
/// <param name="Runs">The runs, in the order in which they began.</param>
/// <param name="Until">How far that is known.</param>
internal sealed record SharedNews(IReadOnlyList<SharedRun> Runs, DateTimeOffset Until);

/// <summary>Whose a run is.</summary>
/// <param name="Found">What another instance found; null where this one is to run it.</param>
/// <param name="Tag">What proves that nobody else has claimed it since; null where nobody could be told.</param>
/// <param name="Until">When it ends.</param>
internal sealed record SharedClaim(ToolResult? Found, string? Tag, DateTimeOffset Until);

/// <summary>A run of a tool, as instances tell each other.</summary>
internal sealed record SharedRun
{
    /// <summary>The call.</summary>
    public required CallKey Key { get; init; }

    public required TurnPlace Where { get; init; }

    /// <summary>The digest of the tool and its arguments.</summary>
    public required string Tool { get; init; }

    /// <summary>Which of the same calls in one request it is, from 0.</summary>
    public required int Occurrence { get; init; }

    public required string Round { get; init; }

    public required FunctionCallContent Call { get; init; }

    public required string Said { get; init; }

    public string? Words { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required ToolResult Result { get; init; }

    /// <summary>What it is known by in its call.</summary>
    public string Id => $"{Where.Place}-{Tool}-{Occurrence:d3}";

    /// <summary>What tells it from an earlier one at its place.</summary>
    public string Version => $"{Id}@{StartedAt.UtcTicks}";
}
