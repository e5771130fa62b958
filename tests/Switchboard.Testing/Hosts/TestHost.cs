using LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Switchboard.Testing;

/// <summary>LocalHost's app on a port of its own, with its log collected.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public const string Key = "test-key-7b1f-4c0d9e2a";

    /// <summary>A key of another platform, for a test that adds it as <c>Access:ApiKeys:1</c>.</summary>
    public const string OtherKey = "other-key-2e8a-91c2b7d4";

    private readonly WebApplication _app;

    private TestHost(WebApplication app)
    {
        _app = app;
        Client = Connect();
        Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        Anybody = Connect();
    }

    /// <summary>A client that sends the key.</summary>
    public HttpClient Client { get; }

    /// <summary>A client without a key.</summary>
    public HttpClient Anybody { get; }

    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    public FakeLogCollector Logs => _app.Services.GetFakeLogCollector();

    /// <summary>Starts the app with one key and the default model <c>demo</c>.</summary>
    /// <param name="responder">Answers for the model <c>fake</c>; null for none.</param>
    /// <param name="settings">Settings on top of those.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="middleware">What stands before the endpoints.</param>
    /// <param name="services">What is added to the services, before those of the app.</param>
    public static async Task<TestHost> StartAsync(
        IChatClient? responder = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        TimeProvider? time = null,
        Action<WebApplication>? middleware = null,
        Action<IServiceCollection>? services = null)
    {
        var values = new Dictionary<string, string?>
        {
            ["Access:ApiKeys:0"] = Key,
            ["Models:0:Id"] = "demo",
            ["Models:0:Default"] = responder is null ? "true" : null,
            ["Models:0:Simulated:Text"] = "Hello there, caller.",
            // A test that keeps transcripts says where.
            ["Transcripts:InMemory"] = "false",
        };
        if (responder is not null)
        {
            values["Models:1:Id"] = "fake";
            values["Models:1:Responder"] = "fake";
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            values[name] = value;
        }

        if (time is null)
        {
            LengthenTimeouts(values);
        }

        var app = LocalHostApp.Build("http://127.0.0.1:0", values, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddFakeLogging();
            if (responder is not null)
            {
                builder.Services.AddResponder("fake", _ => responder);
            }

            services?.Invoke(builder.Services);
            if (time is not null)
            {
                builder.Services.RemoveAll<TimeProvider>();
                builder.Services.AddSingleton(time);
            }
        });
        middleware?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestHost(app);
    }

    /// <summary>A client without a key. A response that it drops closes its connection at once, as a caller who leaves does.</summary>
    public HttpClient Connect() => new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };

    public Task<HttpResponseMessage> PostAsync(string json, string path = "/v1/chat/completions") =>
        Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = Json.Content(json) },
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);

    /// <summary>Waits until the app has logged the end of a turn: the line is written after the last byte of the answer.</summary>
    /// <param name="model">The model of the turn; null for any.</param>
    public async Task<FakeLogRecord> WaitForTurnEndAsync(string? model = null)
    {
        await foreach (var record in Logs.GetLogsAsync(TestContext.Current.CancellationToken))
        {
            if (record.Id.Id == 100 && (model is null || record.GetStructuredStateValue("Model") == model))
            {
                return record;
            }
        }

        throw new InvalidOperationException("The log ended.");
    }

    /// <summary>Waits until the app has logged the event <paramref name="id"/> so many times, a minute at most.</summary>
    public Task<FakeLogRecord> WaitForLogAsync(int id, int times = 1) => Logs.WaitForAsync(id, times);

    // On the system's clock a busy machine may take longer than a caller would wait; where the test says nothing else, nobody gives up on a responder.
    private static void LengthenTimeouts(Dictionary<string, string?> settings)
    {
        // Nor does a comment keep a stream alive in the middle of what the test reads.
        settings.TryAdd("Limits:KeepAlive", "00:03:00");
        var models = settings.Keys.Select(name => name.Split(':')).Where(name => name is ["Models", _, ..]).Select(name => name[1]).ToHashSet();
        foreach (var model in models)
        {
            settings.TryAdd($"Models:{model}:FirstSpeech:Deadline", "00:02:00");
            settings.TryAdd($"Models:{model}:StallTimeout", "00:02:00");
        }
    }

    /// <summary>Stops the app as its host does, and waits until it has.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Anybody.Dispose();
        await _app.DisposeAsync();
    }
}
