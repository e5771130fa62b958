using Microsoft.Extensions.Logging;
using Switchboard.Responders;
using Switchboard.Telemetry;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Turns whatever ended a turn into the error that the client gets, and logs what only the operator may know.</summary>
internal static class TurnFault
{
    public static ApiException Report(Exception fault, TurnRecord turn, ILogger logger)
    {
        var error = fault as ApiException
            ?? (fault is UpstreamException { Failure: UpstreamFailure.Timeout } ? ApiException.UpstreamTimedOut(fault) : ApiException.UpstreamFailed(fault));
        turn.MarkError(error);
        if (error.InnerException is { } cause)
        {
            TurnLog.ResponderFailed(logger, LogText.Clean(turn.Model), FaultText.Describe(cause));
            TurnLog.ResponderFailedInFull(logger, cause);
        }

        return error;
    }
}
