namespace Caller.Commands;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Good = 0;

    /// <summary>A required check does not hold, a turn failed, or the command was interrupted before it had a result.</summary>
    public const int Bad = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
