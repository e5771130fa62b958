using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchboard.Access;
using Switchboard.Telemetry;
using Switchboard.Transcripts;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Lets operators at the transcripts, and nobody else. Nothing escapes: whatever goes wrong becomes an error answer.</summary>
/// <param name="operators">Knows their keys.</param>
/// <param name="calls">The transcripts; null where none are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells the operator of the app why they could not be reached.</param>
internal sealed partial class OperatorGate(BearerCheck operators, StoredCalls? calls, TimeProvider time, ILogger<OperatorGate> logger)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public async Task<IResult> AnswerAsync(HttpContext context, Func<StoredCalls, CancellationToken, Task<IResult>> answer)
    {
        context.Response.Headers[RequestId.Header] = RequestId.New();
        // What was said on a call belongs in no cache between here and the operator.
        context.Response.Headers.CacheControl = "no-store";
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            // That there are none is no secret, and tells who has no key yet what is missing first.
            var stored = calls ?? throw ApiException.TranscriptsOff();
            await operators.DemandAsync(context.Request, context.RequestAborted);
            return await answer(stored, ended.Token);
        }
        catch (ApiException refusal)
        {
            return new ErrorResult(refusal);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception fault)
        {
            var described = FaultText.Describe(fault);
            Unavailable(logger, described);
            return new ErrorResult(ApiException.TranscriptsUnavailable(fault));
        }
    }

    [LoggerMessage(EventId = 520, Level = LogLevel.Warning, Message = "Transcripts could not be read or deleted: {Fault}")]
    private static partial void Unavailable(ILogger logger, string fault);
}
