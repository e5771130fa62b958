using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Keys;
using Switchboard.Transcripts;

namespace Switchboard.Http;

/// <summary>
/// Lets operators at the transcripts, and nobody else, and leaves a trail: who read, deleted or was refused what. Nothing escapes: whatever
/// goes wrong becomes an error answer.
/// </summary>
/// <param name="operators">Knows their keys.</param>
/// <param name="calls">The transcripts; null where none are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The trail, and why the transcripts could not be reached.</param>
internal sealed class OperatorGate(BearerCheck operators, StoredCalls? calls, TimeProvider time, ILogger<OperatorGate> logger)
{
    // Reading is bounded; a deletion has to be finished, and Azure's front end cuts an answer after 230 s.
    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DeleteDeadline = TimeSpan.FromMinutes(2);

    private readonly OperatorRefusals _refusals = new(time, logger);

    public Task<IResult> AnswerAsync(HttpContext context, Func<OperatorVisit, CancellationToken, Task<IResult>> answer) =>
        BoundedResult.OfAsync(context, () => TryAnswerAsync(context, answer), time, logger);

    private async Task<IResult> TryAnswerAsync(HttpContext context, Func<OperatorVisit, CancellationToken, Task<IResult>> answer)
    {
        var requestId = RequestId.New();
        context.Response.Headers[RequestId.Header] = requestId;
        // What was said on a call belongs in no cache between here and the operator.
        context.Response.Headers.CacheControl = "no-store";
        using var deadline = new CancellationTokenSource(HttpMethods.IsDelete(context.Request.Method) ? DeleteDeadline : ReadDeadline, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        var who = "none";
        try
        {
            // That there are none is no secret, and tells who has no key yet what is missing first.
            var stored = calls ?? throw ApiException.TranscriptsOff();
            who = BearerCheck.NameOf(context.Request) ?? who;
            await operators.DemandAsync(context.Request, context.RequestAborted);
            return await answer(new OperatorVisit(stored, who, logger), ended.Token);
        }
        catch (ApiException refusal) when (refusal.Status is StatusCodes.Status401Unauthorized)
        {
            _refusals.Add(who, Asked(context));
            throw;
        }
        catch (Exception fault) when (fault is not ApiException && !context.RequestAborted.IsCancellationRequested)
        {
            var asked = Asked(context);
            if (IsOutage(fault))
            {
                var outage = FaultText.Describe(fault);
                OperatorLog.Unavailable(logger, asked, who, outage, requestId);
                throw ApiException.TranscriptsUnavailable(fault);
            }

            var described = FaultText.DescribeWithStack(fault);
            OperatorLog.Failed(logger, asked, who, described, requestId);
            throw ApiException.InternalError(fault);
        }
    }

    // Apart: an app that keeps no transcripts never loads the Azure assemblies.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsOutage(Exception fault) => TranscriptTables.IsOutage(fault);

    private static string Asked(HttpContext context) => $"{context.Request.Method} {context.Request.Path}";
}
