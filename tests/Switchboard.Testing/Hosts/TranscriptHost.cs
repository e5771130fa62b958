using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Switchboard.Common;
using Switchboard.Transcripts;

namespace Switchboard.Testing;

/// <summary>The app with its transcripts in tables of its own, and an operator who reads them.</summary>
internal sealed class TranscriptHost : IAsyncDisposable
{
    public const string OperatorKey = "operator-key-91c2-5f7b30ad";

    // The longest without any progress, on the slowest of machines; nothing here waits for a time to pass.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly MetricCollector<long> _stored;
    private readonly MetricCollector<long> _told;

    private TranscriptHost(TestHost app, string prefix)
    {
        App = app;
        Prefix = prefix;
        Operator = app.Connect();
        Operator.DefaultRequestHeaders.Authorization = new("Bearer", OperatorKey);
        _stored = Count("switchboard.transcripts.stored");
        _told = Count("switchboard.callbacks.stored");
        Dropped = Count("switchboard.transcripts.dropped");
        Shortened = Count("switchboard.transcripts.shortened");
    }

    public TestHost App { get; }

    /// <summary>The beginning of the tables' names.</summary>
    public string Prefix { get; }

    /// <summary>A client that sends the operator's key.</summary>
    public HttpClient Operator { get; }

    public MetricCollector<long> Dropped { get; }

    public MetricCollector<long> Shortened { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="storage">Where they are kept.</param>
    /// <param name="responder">Answers for the model <c>fake</c>; null for none.</param>
    /// <param name="settings">Further settings.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="retry">How an outage is waited out; null for as in the app, only not for so long.</param>
    /// <param name="prefix">The beginning of the tables' names, of another instance; null for tables of its own.</param>
    public static async Task<TranscriptHost> StartAsync(
        ITableStorage storage,
        IChatClient? responder = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        TimeProvider? time = null,
        TranscriptRetry? retry = null,
        string? prefix = null)
    {
        var values = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>())
        {
            ["Access:OperatorKeys:0"] = OperatorKey,
            ["Transcripts:ConnectionString"] = storage.ConnectionString,
            ["Transcripts:InMemory"] = $"{storage.ConnectionString is null}",
        };
        prefix ??= SharedAzurite.NewPrefix();
        values["Transcripts:TablePrefix"] = prefix;
        retry ??= new TranscriptRetry(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(50));
        return new TranscriptHost(await TestHost.StartAsync(responder, values, time, services: services =>
        {
            services.AddSingleton(retry);
            if (storage.ConnectionString is null)
            {
                services.AddSingleton(storage.Open(prefix));
            }
        }), prefix);
    }

    /// <summary>Takes a whole turn.</summary>
    public async Task<string> TurnAsync(string call, string sentence, string said = "Hello", string model = "demo", bool stream = true)
    {
        using var response = await App.PostAsync(Json.Request(model, said, stream, $$""","extendData":{"instanceId":{{JsonSerializer.Serialize(call, TextJson.Default.String)}},"channelId":"c1","sentenceId":"{{sentence}}"}"""));
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    /// <summary>Waits until so many turns have been stored since the start.</summary>
    public Task StoredAsync(int turns) => CountedAsync(_stored, turns);

    /// <summary>Waits until so much of what the platform told has been stored since the start.</summary>
    public Task ToldAsync(int callbacks) => CountedAsync(_told, callbacks);

    /// <summary>Reads a call; its turns.</summary>
    public async Task<List<JsonElement>> CallAsync(string instanceId)
    {
        using var response = await Operator.GetAsync($"/calls/{Uri.EscapeDataString(instanceId)}", Cancelled);
        Assert.Equal(200, (int)response.StatusCode);
        var call = await Json.ReadAsync(response);
        Assert.False(call.GetProperty("hasMore").GetBoolean());
        return [.. call.GetProperty("turns").EnumerateArray()];
    }

    /// <summary>Waits for the only turn, and reads it.</summary>
    public async Task<JsonElement> OnlyTurnAsync(string instanceId)
    {
        await StoredAsync(1);
        return Assert.Single(await CallAsync(instanceId));
    }

    /// <summary>Reads a list of calls.</summary>
    public async Task<JsonElement> ListAsync(string query = "")
    {
        using var response = await Operator.GetAsync($"/calls{query}", Cancelled);
        Assert.Equal(200, (int)response.StatusCode);
        return await Json.ReadAsync(response);
    }

    /// <summary>All calls of today, page by page.</summary>
    public async Task<List<JsonElement>> ListAllAsync()
    {
        var calls = new List<JsonElement>();
        var query = "";
        while (true)
        {
            var page = await ListAsync(query);
            calls.AddRange(page.GetProperty("calls").EnumerateArray());
            if (page.GetProperty("continue").GetString() is not { } next)
            {
                return calls;
            }

            query = $"?continue={next}";
        }
    }

    private static async Task CountedAsync(MetricCollector<long> counter, int count)
    {
        for (var seen = 0; seen < count; seen = counter.GetMeasurementSnapshot().Count)
        {
            await counter.WaitForMeasurementsAsync(seen + 1, Limit);
        }

        Assert.Equal(count, counter.GetMeasurementSnapshot().EvaluateAsCounter());
    }

    private MetricCollector<long> Count(string instrument) => new(App.Services.GetRequiredService<IMeterFactory>(), SwitchboardSource.Name, instrument);

    public async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        _stored.Dispose();
        _told.Dispose();
        Dropped.Dispose();
        Shortened.Dispose();
        await App.DisposeAsync();
    }
}

/// <summary>Texts as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
