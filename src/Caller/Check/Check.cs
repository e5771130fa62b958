using Caller.Platform;

namespace Caller.Check;

/// <summary>One named check of the contract.</summary>
/// <param name="Id">Group and name, for instance <c>transport.content-type</c>; never changes once published.</param>
/// <param name="Level">Whether the exit code hangs on it.</param>
/// <param name="Contract">What the contract says, in one sentence.</param>
/// <param name="Source">Where the contract says so.</param>
/// <param name="Mend">How to mend a server that fails.</param>
/// <param name="Judge">Looks at what was seen.</param>
internal sealed record Check(string Id, CheckLevel Level, string Contract, Uri Source, string Mend, Func<Observations, Verdict> Judge)
{
    /// <summary>The platforms whose run it is part of; null: all.</summary>
    public Func<VoicePlatform, bool>? Of { get; init; }

    public string Group => Id[..Id.IndexOf('.', StringComparison.Ordinal)];
}
