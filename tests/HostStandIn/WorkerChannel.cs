using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostStandIn.Protocol;

namespace HostStandIn;

/// <summary>The stream between the host and its worker: start, init, metadata, load, then an exchange for every invocation.</summary>
internal sealed class WorkerChannel(string folder, string workerId) : FunctionRpc.FunctionRpcBase
{
    private readonly TaskCompletionSource<FunctionsOfWorker> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _invocations = new();
    private readonly ConcurrentQueue<LogRecord> _logs = new();
    private readonly List<FunctionMetadata> _functions = [];
    private Uri? _http;
    private int _toLoad;

    // A stream takes one message at a time.
    private readonly Channel<StreamingMessage> _outbox = Channel.CreateUnbounded<StreamingMessage>();

    /// <summary>The worker's address and functions, once all are loaded.</summary>
    public Task<FunctionsOfWorker> Ready => _ready.Task;

    /// <summary>What the worker has logged over the stream.</summary>
    public IReadOnlyCollection<LogRecord> Logs => _logs;

    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        var writing = WriteAsync(responseStream, context.CancellationToken);
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                Take(requestStream.Current);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The worker has ended.
        }
        finally
        {
            _outbox.Writer.TryComplete();
            await writing;
            _ready.TrySetException(new InvalidOperationException("The worker left before its functions were loaded."));
            foreach (var invocation in _invocations.Values)
            {
                invocation.TrySetException(new InvalidOperationException("The worker has ended."));
            }
        }
    }

    /// <summary>Announces an invocation; the request itself goes by HTTP.</summary>
    /// <returns>What the worker says of it when it is over.</returns>
    public async Task<InvocationResponse> InvokeAsync(string invocationId, FunctionOfWorker function, CancellationToken cancellationToken)
    {
        var answer = _invocations[invocationId] = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Send(new StreamingMessage
            {
                InvocationRequest = new InvocationRequest
                {
                    InvocationId = invocationId,
                    FunctionId = function.Id,
                    TraceContext = new TraceContext(),
                    InputData = { new ParameterBinding { Name = function.Parameter, Data = new TypedData { Http = new HttpData() } } },
                },
            });
            using var cancel = cancellationToken.Register(() => Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocationId } }));
            return await answer.Task;
        }
        finally
        {
            _invocations.TryRemove(invocationId, out _);
        }
    }

    /// <summary>Asks the worker to end; the host gives it 5 s.</summary>
    public void Terminate(TimeSpan grace) => Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    private void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.StartStream when message.StartStream.WorkerId == workerId:
                Send(new StreamingMessage
                {
                    WorkerInitRequest = new WorkerInitRequest
                    {
                        HostVersion = "4.1037.0",
                        WorkerDirectory = folder,
                        FunctionAppDirectory = folder,
                        Capabilities = { ["MultiStream"] = "10" },
                    },
                });
                break;
            case StreamingMessage.ContentOneofCase.WorkerInitResponse when Succeeded("start", message.WorkerInitResponse.Result):
                _http = new Uri(message.WorkerInitResponse.Capabilities["HttpUri"]);
                Send(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = folder } });
                break;
            case StreamingMessage.ContentOneofCase.FunctionMetadataResponse when Succeeded("name its functions", message.FunctionMetadataResponse.Result):
                _functions.AddRange(message.FunctionMetadataResponse.Functions);
                _toLoad = _functions.Count;
                // The worker answers each by itself, in any order.
                _functions.ForEach(function => Send(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function } }));
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse when Succeeded("load a function", message.FunctionLoadResponse.Result):
                if (--_toLoad == 0)
                {
                    _ready.TrySetResult(new FunctionsOfWorker(_http!, [.. _functions.Select(FunctionOfWorker.Of)]));
                }

                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (_invocations.TryGetValue(message.InvocationResponse.InvocationId, out var invocation))
                {
                    invocation.TrySetResult(message.InvocationResponse);
                }

                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                var log = message.RpcLog;
                var isShown = log.LogCategory is RpcLog.Types.LogCategory.System || _invocations.ContainsKey(log.InvocationId);
                _logs.Enqueue(new LogRecord(log.Level, log.Category, log.Message, isShown));
                break;
        }
    }

    private bool Succeeded(string what, StatusResult result)
    {
        if (result.Status is StatusResult.Types.Status.Success)
        {
            return true;
        }

        _ready.TrySetException(new InvalidOperationException($"The worker did not {what}: {result.Exception?.Message}"));
        return false;
    }

    private void Send(StreamingMessage message) => _outbox.Writer.TryWrite(message);

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> stream, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _outbox.Reader.ReadAllAsync(cancellationToken))
            {
                await stream.WriteAsync(message, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or OperationCanceledException)
        {
            // The worker has ended.
        }
    }
}
