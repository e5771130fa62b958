using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Switchboard.Common;
using Switchboard.Vault;

namespace Switchboard.Tools;

/// <summary>
/// One MCP server: joins it, keeps its tools and follows their changes, and when it fails takes them out of use until it can be joined again.
/// </summary>
internal sealed class McpConnection(
    McpServerOptions options, string model, IHttpClientFactory http, BearerSource bearer, TimeProvider time, ILogger<McpConnection> logger)
{
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How often the tools are listed anew: a server can tell of changes only in the answer to a call, and never that it is gone.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The shortest time between two listings that a server or a failed call asks for: a server that tells of changes without end is not
    /// listed without end.
    /// </summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    /// <summary>How many listings in a row may fail, of a server that answers all the same, until its tools are out of use.</summary>
    public const int MaxFailedListings = 3;

    /// <summary>How many sessions that the server has forgotten are followed by another at once, within <see cref="RefreshInterval"/>.</summary>
    public const int MaxRenewals = 3;

    // One reason to look is as good as many.
    private readonly Channel<bool> _checks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<long> _renewals = [];
    private volatile McpFunction[] _tools = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _lastCheck;
    private volatile bool _callHasFailed;
    private string? _leftOut;

    /// <summary>The tools that can be called now; none while the server is not joined.</summary>
    public IReadOnlyList<McpFunction> Tools => _tools;

    public McpServerOptions Options => options;

    /// <summary>The server's host and port for the log, as upstreams have theirs: paths and queries may hold a key.</summary>
    public string Name { get; } = options.Url!.Authority;

    /// <summary>A call has failed: looks soon whether the server still answers. Its tools stay in use until that is known.</summary>
    public void Check()
    {
        _callHasFailed = true;
        _checks.Writer.TryWrite(true);
    }

    /// <summary>Waits for the session after the one that <paramref name="tool"/> is of.</summary>
    /// <returns>The same tool in that session; null when the server cannot be joined, or has it no more.</returns>
    public async Task<McpFunction?> SuccessorAsync(McpFunction tool, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            var same = Array.Find(_tools, other => other.Name == tool.Name);
            if (same is null || !ReferenceEquals(same.Client, tool.Client))
            {
                return same;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stays with the server until the app stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retry = FirstRetry;
        while (!cancellationToken.IsCancellationRequested)
        {
            Exception failure;
            try
            {
                await RunSessionAsync(() => retry = FirstRetry, cancellationToken);
                // The session is over, or the key is another one: join anew.
                continue;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Publish([]);
                return;
            }
            catch (Exception cause)
            {
                Publish([]);
                failure = cause;
            }

            // The wait begins before the report, so that whoever acts on the report finds it running.
            var wait = Task.Delay(retry, time, cancellationToken);
            Report(failure, retry);
            // The app may stop meanwhile.
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
        }
    }

    private void Publish(McpFunction[] tools)
    {
        _tools = tools;
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private async Task RunSessionAsync(Action joined, CancellationToken cancellationToken)
    {
        var key = await KeyAsync(cancellationToken);
        // Disposed last, so that nothing of the session is left waiting for the server.
        using var web = http.CreateClient(McpHttp.ClientName);
        var client = await ConnectAsync(web, key, cancellationToken);
        try
        {
            await FollowToolsAsync(client, key, joined, cancellationToken);
        }
        catch (SessionOverException) when (TryRenew())
        {
            // Its tools stay offered meanwhile; who calls one waits for the next session.
        }
        finally
        {
            await EndSessionAsync(client);
        }
    }

    private Task<McpClient> ConnectAsync(HttpClient web, string? key, CancellationToken cancellationToken)
    {
        var clientOptions = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "Switchboard", Version = typeof(McpConnection).Assembly.GetName().Version?.ToString(3) ?? "0" },
            InitializationTimeout = JoinTimeout,
            TimeProvider = time,
            Handlers = new McpClientHandlers { NotificationHandlers = [KeyValuePair.Create(NotificationMethods.ToolListChangedNotification, ListAgain)] },
        };
        return McpClient.CreateAsync(new McpTransport(options.Url!, web, key, time), clientOptions, NullLoggerFactory.Instance, cancellationToken);
    }

    private ValueTask ListAgain(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        _checks.Writer.TryWrite(true);
        return ValueTask.CompletedTask;
    }

    // Returns when the key is another one.
    private async Task FollowToolsAsync(McpClient client, string? key, Action joined, CancellationToken cancellationToken)
    {
        var failed = 0;
        for (var isFirst = true; isFirst || await KeyAsync(cancellationToken) == key; isFirst = false)
        {
            // A reason to look that came up before this answer is settled by it.
            _checks.Reader.TryRead(out _);
            var callHasFailed = _callHasFailed;
            _callHasFailed = false;
            Task wait;
            try
            {
                var functions = await ListAsync(client, cancellationToken);
                // After a call that failed it is news that the server answers.
                var isNews = isFirst || callHasFailed || !functions.Select(function => function.Name).SequenceEqual(_tools.Select(function => function.Name));
                Publish(functions);
                joined();
                failed = 0;
                // The wait begins before the report, so that whoever acts on the report finds it running.
                wait = WaitForCheckAsync(client, RefreshInterval, cancellationToken);
                if (isNews)
                {
                    McpLog.Joined(logger, Name, model, functions.Length);
                }
            }
            catch (HttpRequestException failure) when (IsForgotten(failure, client))
            {
                throw new SessionOverException(failure);
            }
            catch (Exception failure) when (!isFirst && IsAnswer(failure) && ++failed < MaxFailedListings)
            {
                wait = WaitForCheckAsync(client, FirstRetry, cancellationToken);
                var description = FailureText.Describe(failure);
                McpLog.NotListed(logger, Name, model, description);
            }

            await wait;
        }
    }

    private async Task<McpFunction[]> ListAsync(McpClient client, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(JoinTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var list = await McpToolList.ReadAsync(client, either.Token);
        if (list.LeftOut is { } leftOut && leftOut != _leftOut)
        {
            McpLog.NotOffered(logger, Name, model, leftOut);
        }

        _leftOut = list.LeftOut;
        return [.. list.Tools.Values.Select(tool => new McpFunction(client, tool, this, time, logger))];
    }

    // Until there is a reason to look at the tools again.
    private async Task WaitForCheckAsync(McpClient client, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var check = CheckAsync(either.Token);
        var refresh = Task.Delay(longest, time, either.Token);
        var first = await Task.WhenAny(check, refresh, client.Completion);
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (first == client.Completion)
        {
            throw new SessionOverException((await client.Completion).Exception);
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        await _checks.Reader.WaitToReadAsync(cancellationToken);
        if (_lastCheck is { } last && CheckInterval - time.GetElapsedTime(last) is { } rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, cancellationToken);
        }

        _lastCheck = time.GetTimestamp();
    }

    /// <summary>Whether the server no longer knows the session of <paramref name="client"/>: it has then done nothing of what it was asked.</summary>
    public static bool IsForgotten(HttpRequestException failure, McpClient client) => failure.StatusCode == HttpStatusCode.NotFound && client.SessionId is not null;

    // Wrong as it is, it came from a server that is there.
    private static bool IsAnswer(Exception failure) => failure is McpException or JsonException or McpLimitException or HttpRequestException { StatusCode: not null };

    // A server that forgets every session is left alone like one that is down.
    private bool TryRenew()
    {
        if (_renewals.Count == MaxRenewals)
        {
            if (time.GetElapsedTime(_renewals.Peek()) < RefreshInterval)
            {
                return false;
            }

            _renewals.Dequeue();
        }

        _renewals.Enqueue(time.GetTimestamp());
        return true;
    }

    // A server that does not answer would not answer the end of its session either.
    private async Task EndSessionAsync(McpClient client)
    {
        using var deadline = new CancellationTokenSource(LeaveTimeout, time);
        try
        {
            await client.DisposeAsync().AsTask().WaitAsync(deadline.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or IOException)
        {
            var description = FailureText.Describe(failure);
            McpLog.NotLeft(logger, Name, model, description);
        }
    }

    private async ValueTask<string?> KeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await bearer(cancellationToken);
        }
        catch (InvalidOperationException failure)
        {
            throw new McpKeyException(failure);
        }
    }

    private void Report(Exception failure, TimeSpan retry)
    {
        var description = FailureText.Describe(failure);
        // When the app starts the key may be on its way from the vault: it is missed only at the second try.
        Action<ILogger, LogText, LogText, FailureText> log = retry == (failure is McpKeyException ? FirstRetry * 2 : FirstRetry) ? McpLog.Lost : McpLog.StillLost;
        log(logger, Name, model, description);
    }

    private sealed class SessionOverException(Exception? cause) : Exception("The session has ended.", cause);
}
