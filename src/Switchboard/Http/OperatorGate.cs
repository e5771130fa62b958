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
/// <param name="access">Knows their keys.</param>
/// <param name="calls">The transcripts; null where none are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The trail, and why the transcripts could not be reached.</param>
internal sealed class OperatorGate(AccessControl access, StoredCalls? calls, TimeProvider time, ILogger<OperatorGate> logger)
{
    // Reading is bounded; a deletion has to be finished, and Azure's front end cuts an answer after 230 s.
    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DeleteDeadline = TimeSpan.FromMinutes(2);

    private readonly OperatorRefusals _refusals = new(time, logger);

    public async Task<IResult> AnswerAsync(HttpContext context, Func<OperatorVisit, CancellationToken, Task<IResult>> answer)
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
            who = access.Operators.LabelOf(context.Request) ?? who;
            await access.Operators.DemandAsync(context.Request, context.RequestAborted);
            return await answer(new OperatorVisit(stored, who, logger), ended.Token);
        }
        catch (ApiException refusal) when (refusal.Status is StatusCodes.Status401Unauthorized)
        {
            _refusals.Add(who, Asked(context));
            throw;
        }
        catch (Exception failure) when (failure is not ApiException && !context.RequestAborted.IsCancellationRequested)
        {
            var asked = Asked(context);
            if (IsOutage(failure))
            {
                var outage = FailureText.Describe(failure);
                OperatorLog.Unavailable(logger, asked, who, outage, requestId);
                throw ApiException.TranscriptsUnavailable(failure);
            }

            var described = FailureText.DescribeWithStack(failure);
            OperatorLog.Failed(logger, asked, who, described, requestId);
            throw ApiException.InternalError(failure);
        }
    }

    // Apart: an app that keeps no transcripts never loads the Azure assemblies.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsOutage(Exception failure) => TranscriptTables.IsOutage(failure);

    private static string Asked(HttpContext context) => $"{context.Request.Method} {context.Request.Path}";
}

/// <summary>
/// Notes who was refused the transcripts: at most one line in so long, with how many there were since the last, or strangers would fill the
/// log. The first refusal is noted at once.
/// </summary>
internal sealed class OperatorRefusals(TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly RefreshWindow _window = new(Interval, time);
    private long _count;

    public void Add(string key, string request)
    {
        Interlocked.Increment(ref _count);
        if (_window.TryPass())
        {
            var count = Interlocked.Exchange(ref _count, 0);
            OperatorLog.Refused(logger, key, request, count);
        }
    }
}

/// <summary>An operator who was let in, and what is noted of the visit.</summary>
/// <param name="Calls">The transcripts.</param>
/// <param name="Who">The operator's key, by its name, else by the first 8 hex digits of its digest.</param>
/// <param name="Log">The trail.</param>
internal sealed record OperatorVisit(StoredCalls Calls, string Who, ILogger Log)
{
    public void Listed(string day, int calls) => OperatorLog.Listed(Log, Who, day, calls);

    public void Overviewed(string day, long calls) => OperatorLog.Overviewed(Log, Who, day, calls);

    public void Searched(string day, int calls, int searched) => OperatorLog.Searched(Log, Who, day, calls, searched);

    public void Read(string call, int turns) => OperatorLog.Read(Log, Who, call, turns);

    public void Deleted(string call, int turns) => OperatorLog.Deleted(Log, Who, call, turns);
}

/// <summary>The trail of the transcripts: who did what, and never a word of what was said.</summary>
internal static partial class OperatorLog
{
    [LoggerMessage(EventId = 520, Level = LogLevel.Warning, Message = "Transcripts are not available: {Request} by operator key {Key} failed: {Failure}; request {RequestId}")]
    public static partial void Unavailable(ILogger logger, LogText request, LogText key, FailureText failure, LogText requestId);

    [LoggerMessage(EventId = 521, Level = LogLevel.Error, Message = "An error in this app ended {Request} by operator key {Key}: {Failure}; request {RequestId}")]
    public static partial void Failed(ILogger logger, LogText request, LogText key, FailureText failure, LogText requestId);

    [LoggerMessage(EventId = 522, Level = LogLevel.Information, Message = "Operator key {Key} listed the calls of {Day}: {Count} calls")]
    public static partial void Listed(ILogger logger, LogText key, LogText day, int count);

    [LoggerMessage(EventId = 527, Level = LogLevel.Information, Message = "Operator key {Key} read the overview of {Day}: {Count} calls")]
    public static partial void Overviewed(ILogger logger, LogText key, LogText day, long count);

    [LoggerMessage(EventId = 528, Level = LogLevel.Information, Message = "Operator key {Key} searched the calls of {Day}: {Count} of {Searched} calls")]
    public static partial void Searched(ILogger logger, LogText key, LogText day, int count, int searched);

    [LoggerMessage(EventId = 523, Level = LogLevel.Information, Message = "Operator key {Key} read call {Call}: {Count} turns")]
    public static partial void Read(ILogger logger, LogText key, LogText call, int count);

    [LoggerMessage(EventId = 524, Level = LogLevel.Warning, Message = "Operator key {Key} deleted call {Call}: {Count} turns")]
    public static partial void Deleted(ILogger logger, LogText key, LogText call, int count);

    [LoggerMessage(EventId = 525, Level = LogLevel.Information, Message = "Transcripts were refused: {Request} came without an operator key (key sent: {Key}); {Count} refusals since the last such line")]
    public static partial void Refused(ILogger logger, LogText key, LogText request, long count);
}
