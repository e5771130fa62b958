namespace Benchmarks.Gateways;

/// <summary>What one round of a load measured.</summary>
/// <param name="CpuPerToken">CPU time of the gateway's process.</param>
/// <param name="TokensPerSecond">How many tokens arrived at the callers, all together.</param>
/// <param name="FirstTokens">From sending a request to its first token, turn by turn.</param>
internal sealed record Sample(TimeSpan CpuPerToken, double TokensPerSecond, IReadOnlyList<TimeSpan> FirstTokens);
