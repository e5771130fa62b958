using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>The table from whatever ended a turn to the error that the client gets. What only the operator may know is logged.</summary>
internal static class TurnFailure
{
    public static ApiException Report(Exception fault, TurnRecord turn, ILogger logger)
    {
        var error = ToError(fault);
        turn.MarkError(error);
        if (!error.IsRefusal)
        {
            Log(error.InnerException ?? fault, turn, logger);
        }

        return error;
    }

    /// <summary>Logs a failure that the client does not see as one, because something was said instead.</summary>
    public static void Log(Exception cause, TurnRecord turn, ILogger logger)
    {
        turn.Failure = FaultText.Describe(cause);
        TurnLog.ResponderFailed(logger, turn.Model, turn.Failure, turn.RequestId);
        TurnLog.ResponderFailedInFull(logger, cause);
    }

    public static ApiException ToError(Exception fault) => fault switch
    {
        ApiException error => error,
        ResponderException { IsTimeout: true } => ApiException.UpstreamTimedOut(fault),
        _ => ApiException.UpstreamFailed(fault),
    };
}
