using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Turn;

namespace Switchboard.Http;

/// <summary>
/// An answer to a request that is no turn. The client has so long to take it, and nothing escapes, neither while it is made nor while it is
/// written: in a Functions app an exception would become an empty 500 and a failed invocation.
/// </summary>
internal sealed partial class BoundedResult : IResult
{
    /// <summary>As long as a turn may take by default; a client that reads 2 kB a second gets some 240 kB.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly IResult _answer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    private BoundedResult(IResult answer, TimeProvider time, ILogger logger) => (_answer, _time, _logger) = (answer, time, logger);

    /// <summary>What <paramref name="answer"/> makes, or the error in its place.</summary>
    public static async Task<IResult> OfAsync(HttpContext context, Func<Task<IResult>> answer, TimeProvider time, ILogger logger)
    {
        try
        {
            return new BoundedResult(await answer(), time, logger);
        }
        catch (ApiException error)
        {
            return new BoundedResult(new ErrorResult(error), time, logger);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception failure)
        {
            Failed(logger, FailureText.Describe(failure));
            return new BoundedResult(new ErrorResult(ApiException.InternalError(failure)), time, logger);
        }
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var cut = timeout.Token.UnsafeRegister(static context => ((HttpContext)context!).Abort(), httpContext);
        try
        {
            await _answer.ExecuteAsync(httpContext);
        }
        catch (Exception) when (httpContext.RequestAborted.IsCancellationRequested || timeout.IsCancellationRequested)
        {
            // Nobody is there any more to take it.
        }
        catch (Exception failure)
        {
            // What went out of it is no whole answer, and must not look like one.
            Failed(_logger, FailureText.Describe(failure));
            httpContext.Abort();
        }
    }

    [LoggerMessage(EventId = 526, Level = LogLevel.Error, Message = "A request other than a turn failed: {Failure}")]
    private static partial void Failed(ILogger logger, FailureText failure);
}
