using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Memory;

/// <summary>An app whose model may book, at an MCP server that counts how often that is done and lets a test say when it is.</summary>
internal sealed class MemoryRig : IAsyncDisposable
{
    private readonly bool _ownsServer;

    private MemoryRig(BookingModel model, BookingServer server, TestHost app, bool ownsServer) =>
        (Model, Server, App, _ownsServer) = (model, server, app, ownsServer);

    public BookingModel Model { get; }

    public BookingServer Server { get; }

    public TestHost App { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<MemoryRig> StartAsync(
        BookingModel model, TimeProvider? time = null, Dictionary<string, string?>? settings = null, BookingServer? server = null)
    {
        var own = server ?? await BookingServer.StartAsync();
        var app = await TestHost.StartAsync(model, new Dictionary<string, string?>(settings ?? []) { ["Models:1:Tools:Mcp:0:Url"] = own.Url.AbsoluteUri }, time, services: services =>
        {
            if (time is null)
            {
                // A busy machine answers late; how long a caller may wait is no matter of most tests.
                services.AddSingleton(new SharingPatience(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)));
            }
        });
        await app.WaitForLogAsync(410);
        return new MemoryRig(model, own, app, server is null);
    }

    /// <summary>A request of IMS.</summary>
    public static string Ims(string call, string sentence, params string[] messages) =>
        Body(messages, $$""","extendData":{"instanceId":{{JsonValue.Create(call).ToJsonString()}},"channelId":"c","sentenceId":"{{sentence}}"}""");

    /// <summary>A request of Vapi, which has no id of the turn.</summary>
    public static string Vapi(string call, params string[] messages) => Body(messages, $$""","call":{"id":"{{call}}"},"assistant":{"id":"a"}""");

    /// <summary>A request of anybody.</summary>
    /// <param name="messages">Each with its role before a colon, or as JSON.</param>
    /// <param name="more">Further fields.</param>
    public static string Body(string[] messages, string more = "") =>
        $$"""{"model":"fake","stream":true,"messages":[{{string.Join(',', messages.Select(Message))}}]{{more}}}""";

    /// <summary>What a caller hears, to the end.</summary>
    public async Task<string> SayAsync(string body, string key = TestHost.Key, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync(body, key, headers);
        return await TextAsync(response);
    }

    public Task<HttpResponseMessage> PostAsync(string body, string key = TestHost.Key, (string Name, string Value)[]? headers = null, CancellationToken leave = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json.Content(body), Headers = { Authorization = new("Bearer", key) } };
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return App.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave == default ? Cancelled : leave);
    }

    /// <summary>A request whose client leaves while the tool runs. It has left, as the app sees it, when this ends.</summary>
    public async Task LeaveDuringTheToolAsync(string body, params (string Name, string Value)[] headers)
    {
        var before = App.Logs.GetSnapshot().Count(record => record.Id.Id == 100);
        using var leave = new CancellationTokenSource();
        var posting = PostAsync(body, headers: headers, leave: leave.Token);
        _ = await Model.NextAsync();
        await Server.BegunAsync();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posting);
        await App.WaitForLogAsync(100, before + 1);
    }

    /// <summary>A request whose client leaves while another one's tool is waited for.</summary>
    public async Task LeaveWaitingAsync(string body, params (string Name, string Value)[] headers)
    {
        var before = App.Logs.GetSnapshot().Count(record => record.Id.Id == 100);
        using var leave = new CancellationTokenSource();
        var posting = PostAsync(body, headers: headers, leave: leave.Token);
        _ = await Model.NextAsync();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posting);
        await App.WaitForLogAsync(100, before + 1);
    }

    public static async Task<string> TextAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        return string.Concat(text.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(Content));
    }

    public async ValueTask DisposeAsync()
    {
        Server.Release();
        await App.DisposeAsync();
        if (_ownsServer)
        {
            await Server.DisposeAsync();
        }
    }

    private static string Message(string message) => message.StartsWith('{') ? message
        : message.Split(':', 2) is var parts ? $$"""{"role":"{{parts[0]}}","content":{{JsonValue.Create(parts[1]).ToJsonString()}}}""" : "";

    private static string Content(string line)
    {
        using var chunk = JsonDocument.Parse(line["data: ".Length..]);
        var choices = chunk.RootElement.GetProperty("choices");
        return choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() ?? "" : "";
    }
}

/// <summary>An MCP server whose tool <c>book</c> answers with the number of the booking, as soon as it may.</summary>
internal sealed class BookingServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _begun = new(0);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopbackMcpServer _server = null!;
    private int _bookings;

    public Uri Url => _server.Url;

    /// <summary>How often it has booked.</summary>
    public int Bookings => _bookings;

    public IEnumerable<string> Arguments => _server.Calls.Select(call => call.Arguments);

    /// <summary>Whether a booking waits for <see cref="Release"/>.</summary>
    public bool IsGated { get; set; }

    /// <summary>What it answers; null for the number of the booking.</summary>
    public string? Result { get; set; }

    public LoopbackMcpServer Server => _server;

    public static async Task<BookingServer> StartAsync(Action<LoopbackMcpServer>? configure = null)
    {
        var booking = new BookingServer();
        booking._server = await LoopbackMcpServer.StartAsync(configure: server =>
        {
            server.Tools["book"] = booking.BookAsync;
            configure?.Invoke(server);
        });
        return booking;
    }

    /// <summary>Waits until one more booking has begun.</summary>
    public Task BegunAsync() => _begun.WaitAsync(TestContext.Current.CancellationToken);

    public void Release() => _release.TrySetResult();

    public ValueTask DisposeAsync()
    {
        Release();
        _begun.Dispose();
        return _server.DisposeAsync();
    }

    private async Task<JsonObject> BookAsync(JsonObject arguments)
    {
        var number = Interlocked.Increment(ref _bookings);
        _begun.Release();
        if (IsGated)
        {
            await _release.Task;
        }

        return LoopbackMcpServer.Text(Result ?? $"booking {number}");
    }
}
