namespace Switchboard.Turn;

/// <summary>The client closed the connection while its answer was being written.</summary>
internal sealed class CallerLeftException : OperationCanceledException
{
    /// <summary>Whether it was we who closed it, because the client did not take its answer in time.</summary>
    public bool IsCutOff { get; init; }
}
