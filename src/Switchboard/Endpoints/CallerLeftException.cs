namespace Switchboard.Endpoints;

/// <summary>The client closed the connection while its answer was being written.</summary>
internal sealed class CallerLeftException : OperationCanceledException;
