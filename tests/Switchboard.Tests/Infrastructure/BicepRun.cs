namespace Switchboard.Tests.Infrastructure;

/// <summary>What one run of the Bicep CLI left behind; warnings and errors are both in <paramref name="Diagnostics"/>.</summary>
internal sealed record BicepRun(int ExitCode, string Output, string Diagnostics);
