using System.Collections.Concurrent;
using System.Diagnostics;

namespace HostStandIn;

/// <summary>The worker's process, started as the host starts it. It is ended by its id, whatever happens.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    // As the host sets it.
    private const int MaxMessageLength = int.MaxValue;

    private readonly Process _process;
    private readonly Action<string>? _echo;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess(Process process, Action<string>? echo)
    {
        _process = process;
        _echo = echo;
    }

    public int Id => _process.Id;

    /// <summary>What it has written to standard output, line by line.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>What it has written to standard error, line by line.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public bool HasEnded => _end.Task.IsCompleted;

    /// <summary>The CPU time used so far, in user and kernel mode.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The resident memory now, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="folder">The published worker.</param>
    /// <param name="assembly">Its program, such as <c>FunctionsApp.dll</c>.</param>
    /// <param name="host">Where the host's gRPC is.</param>
    /// <param name="workerId">By what the worker is known on the stream.</param>
    /// <param name="environment">What is set in its environment; null removes a variable.</param>
    /// <param name="echo">Gets every line of both outputs as it comes; null for nobody.</param>
    public static WorkerProcess Start(
        string folder, string assembly, Uri host, string workerId, IEnumerable<KeyValuePair<string, string?>> environment, Action<string>? echo)
    {
        var request = Guid.NewGuid().ToString();
        var start = new ProcessStartInfo("dotnet", [
            Path.Combine(folder, assembly),
            "--host", host.Host, "--port", $"{host.Port}", "--workerId", workerId, "--requestId", request, "--grpcMaxMessageLength", $"{MaxMessageLength}",
            "--functions-uri", host.AbsoluteUri, "--functions-worker-id", workerId, "--functions-request-id", request, "--functions-grpc-max-message-length", $"{MaxMessageLength}",
        ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = folder;
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = folder;
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var worker = new WorkerProcess(process, echo);
        process.OutputDataReceived += (_, line) => worker.Hear(worker._output, line.Data);
        process.ErrorDataReceived += (_, line) => worker.Hear(worker._errors, line.Data);
        process.Exited += (_, _) => worker._end.TrySetResult();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>Waits until it has ended and all that it wrote was read.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Waits until a line of standard error holds a text.</summary>
    public Task<string> ErrorAsync(string text, CancellationToken cancellationToken) => LineAsync(_errors, text, cancellationToken);

    /// <summary>Sends a signal, such as TERM.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        kill.WaitForExit();
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<string> LineAsync(ConcurrentQueue<string> lines, string text, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task heard;
            lock (_gate)
            {
                heard = _heard.Task;
            }

            if (lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            await heard.WaitAsync(cancellationToken);
        }
    }

    private void Hear(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        _echo?.Invoke(line);
        lines.Enqueue(line);
        lock (_gate)
        {
            _heard.SetResult();
            _heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
