using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Switchboard.Transcripts;

namespace Switchboard.Testing;

/// <summary>The storage alone, on tables of its own.</summary>
internal sealed class StoreRig
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 20, 0, 0, TimeSpan.Zero);

    public StoreRig(ITableStorage storage, string? prefix = null, TimeProvider? time = null, int maxKnown = TurnStore.MaxKnown)
    {
        Prefix = prefix ?? SharedAzurite.NewPrefix();
        Tables = storage.Open(Prefix);
        Store = new TurnStore(Tables, time ?? TimeProvider.System, maxKnown);
        Reader = new CallReader(Tables, time ?? TimeProvider.System);
        Eraser = new CallEraser(Tables);
        Overview = new OverviewReader(Tables, time ?? TimeProvider.System);
    }

    public string Prefix { get; }

    public TranscriptTables Tables { get; }

    public TurnStore Store { get; }

    public CallReader Reader { get; }

    public CallEraser Eraser { get; }

    public OverviewReader Overview { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Tables at which the app itself fails, with a message that nobody may see.</summary>
    public static TranscriptTables Broken()
    {
        var options = TranscriptTables.ClientOptions();
        options.AddPolicy(new BrokenPolicy(), HttpPipelinePosition.PerCall);
        return new TranscriptTables(new TableServiceClient("UseDevelopmentStorage=true", options), "Broken");
    }

    /// <summary>A turn that was spoken whole.</summary>
    public static TurnTranscript Turn(string call, string? sentence, int seconds = 0) => new()
    {
        InstanceId = call,
        SentenceId = sentence,
        RequestId = $"req_{Guid.NewGuid():N}",
        StartedAt = Start.AddSeconds(seconds),
        Heard = "Hello",
        HeardLength = 5,
        Spoken = "Good evening.",
        SpokenLength = 13,
        Model = "demo",
        Outcome = "completed",
        DurationMs = 12.5,
    };

    public Task WriteAsync(TurnTranscript turn) => Store.WriteAsync([turn], Cancelled);

    /// <summary>Makes a call of so many turns, all alike, in few requests.</summary>
    public async Task WriteCallAsync(string call, int turns)
    {
        await WriteAsync(Turn(call, "1"));
        var first = await Tables.Turns.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"RowKey ne {TableKey.Call}"), cancellationToken: Cancelled).SingleAsync(Cancelled);
        var copies = Enumerable.Range(1, turns - 1).Select(index => new TableEntity(first) { RowKey = $"{first.RowKey}{index:D4}" });
        foreach (var batch in copies.Select(copy => new TableTransactionAction(TableTransactionActionType.Add, copy)).Chunk(100))
        {
            await Tables.Turns.SubmitTransactionAsync(batch, Cancelled);
        }
    }

    public async Task<IReadOnlyList<TurnTranscript>> ReadAsync(string call) => (await Reader.ReadAsync(call, Cancelled)).Turns;

    public async Task<IReadOnlyList<CallSummary>> ListAsync(DateOnly? day = null) =>
        (await Reader.ListAsync(day ?? DateOnly.FromDateTime(Start.UtcDateTime), null, CallSearch.All, Cancelled)).Calls;

    public Task<DayOverview> OverviewAsync(string? model = null) => Overview.ReadAsync(DateOnly.FromDateTime(Start.UtcDateTime), model, Cancelled);

    public sealed class BrokenPolicy : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message) => throw new InvalidOperationException("caller-words");
    }
}
