using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Keys;
using Switchboard.Memory;
using Switchboard.Platforms;
using Switchboard.Transcripts;
using Switchboard.Turn;

namespace Switchboard.Http;

/// <summary>
/// Answers <c>POST ims/events</c>: what IMS tells of its calls. Nothing waits for storage, since a platform may repeat what is not answered at once,
/// and whatever it repeats or tells in another order comes out the same. What is told of nothing that is known here is taken, and means nothing.
/// </summary>
/// <remarks>https://help.aliyun.com/en/ims/user-guide/agent-callback</remarks>
internal sealed partial class ImsEventRoute : IRoutes
{
    private readonly BearerCheck? _tokens;
    private readonly OpenCalls _calls;
    private readonly CallMemory _memory;
    private readonly TurnLimits _turns;
    private readonly Transcriber? _transcriber;
    private readonly long _maxBytes;
    private readonly RecentNames _closed = new();
    private readonly Counter<long> _events;
    private readonly TimeProvider _time;
    private readonly ILogger<ImsEventRoute> _logger;

    public ImsEventRoute(
        AccessControl access, OpenCalls calls, CallMemory memory, TurnLimits turns, LimitsOptions limits, Transcriber? transcriber, IMeterFactory meters, TimeProvider time, ILogger<ImsEventRoute> logger)
    {
        _tokens = access.Callbacks;
        _calls = calls;
        _memory = memory;
        _turns = turns;
        _transcriber = transcriber;
        _maxBytes = limits.MaxRequestBytes;
        _events = meters.Create(SwitchboardSource.Name).CreateCounter<long>("switchboard.callbacks", "{callback}", "Callbacks of the platform that were taken, by event.");
        _time = time;
        _logger = logger;
    }

    public IEnumerable<HttpRoute> All => [new(Routes.ImsEvents, [HttpMethods.Post], AnswerAsync)];

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        context.Response.Headers[RequestId.Header] = RequestId.New();
        var tokens = _tokens ?? throw ApiException.CallbacksOff();
        await tokens.DemandAsync(context.Request, context.RequestAborted);
        var bytes = await RequestBody.ReadAsync(context.Request, _maxBytes, _turns, _time);
        using var body = JsonBody.Parse(bytes);
        var told = ImsEvent.Read(body.RootElement);
        _events.Add(1, new KeyValuePair<string, object?>("event", ImsEvent.Known.Contains(told.Name ?? "") ? told.Name : "other"));
        if (told.InstanceId is { } call)
        {
            if (told.IsEnd)
            {
                Close(call, told);
            }

            if (_transcriber is not null)
            {
                Keep(_transcriber, call, told);
            }
        }

        return Results.Ok();
    }

    private void Keep(Transcriber transcriber, string call, ImsEvent told)
    {
        var kept = new CallEvent
        {
            InstanceId = call,
            ChannelId = told.ChannelId,
            SentenceId = told.SentenceId,
            ReceivedAt = _time.GetUtcNow(),
            Ending = told.IsEnd ? new CallEnding(told.Name!, told.Code, told.Message, told.At) : null,
            Direction = told.Name switch { ImsEvent.InboundCall => CallDirection.Inbound, ImsEvent.OutboundCall => CallDirection.Outbound, _ => null },
            CallerNumber = told.Name is ImsEvent.InboundCall or ImsEvent.OutboundCall ? told.CallerNumber : null,
            CalleeNumber = told.Name is ImsEvent.InboundCall or ImsEvent.OutboundCall ? told.CalleeNumber : null,
            Times = told.Name switch
            {
                ImsEvent.ModelAnswers => new(ModelAskedAt: told.AskedAt, ModelAnsweredAt: told.AnsweredAt),
                ImsEvent.VoiceAnswers => new(VoiceAskedAt: told.AskedAt, VoiceAnsweredAt: told.AnsweredAt),
                _ => new(),
            },
        };
        transcriber.Note(kept);
        // A record of the chat may be about several turns.
        foreach (var lines in told.Lines.GroupBy(line => told.SentenceId ?? line.SentenceId))
        {
            transcriber.Note(kept with { SentenceId = lines.Key, Lines = [.. lines.Select(line => Line(line, line.At ?? told.At))] });
        }
    }

    private static SaidLine Line(ImsLine line, DateTimeOffset? at) =>
        new(SaidLine.IdOf(line.Id, line.IsCallers, line.Text.Length, at), line.IsCallers, line.Text, line.Text.Length, at);

    private void Close(string call, ImsEvent told)
    {
        var cancelled = _calls.Close(call);
        _memory.Close(call);
        // Once: several events may tell of one end, and a platform may repeat them.
        if (_closed.Add(call) || cancelled > 0)
        {
            Closed(_logger, call, told.Name, told.Code, cancelled);
        }
    }

    [LoggerMessage(EventId = 530, Level = LogLevel.Information, Message = "Call {Call} is over: the platform told {Event} with code {Code}; {Cancelled} turns of it were still running and were ended")]
    private static partial void Closed(ILogger logger, LogText call, LogText @event, LogText code, int cancelled);
}
