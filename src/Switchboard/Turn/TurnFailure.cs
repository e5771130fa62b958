using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>The table from whatever ended a turn to the error that the client gets. What only the operator may know is logged.</summary>
internal static class TurnFailure
{
    public static ApiException Report(Exception failure, TurnRecord turn, ILogger logger)
    {
        var error = ToError(failure);
        turn.MarkError(error);
        if (!error.IsRefusal)
        {
            Log(error.InnerException ?? failure, turn, logger);
        }

        return error;
    }

    /// <summary>Logs a failure that the client does not see as one, because something was said instead.</summary>
    public static void Log(Exception cause, TurnRecord turn, ILogger logger)
    {
        turn.Failure = FailureText.Describe(cause);
        TurnLog.ResponderFailed(logger, turn.Model, turn.Failure, turn.Call.InstanceId, turn.RequestId);
        TurnLog.ResponderFailedInFull(logger, cause);
    }

    public static ApiException ToError(Exception failure) => failure switch
    {
        ApiException error => error,
        ResponderException { IsTimeout: true } => ApiException.UpstreamTimedOut(failure),
        _ => ApiException.UpstreamFailed(failure),
    };
}
