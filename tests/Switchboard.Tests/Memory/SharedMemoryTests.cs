using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Memory;
using Switchboard.Transcripts;
using static Switchboard.Tests.Memory.MemoryRig;

namespace Switchboard.Tests.Memory;

/// <summary>Two instances at one table service: what a tool has done at one is known to the other.</summary>
public sealed class SharedMemoryTests(SharedAzurite azurite)
{
    private static readonly string First = Ims("call-1", "1", "user:Hi", "assistant:Yes?", "user:A table");

    public static TheoryData<string> Turns =>
    [
        First,
        Vapi("call/1?#", "user:A table"),
        Ims(new string('x', 256), "a\\b", "user:A table"),
        Ims("\ud83d\u0001\u202E", "1", "user:A table"),
        Ims("..", "1", "user:A table"),
    ];

    // Nobody else could read it there.
    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Share_WithoutTables_IsOff(string inMemory)
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Transcripts:InMemory"] = inMemory });

        Assert.Null(host.Services.GetService<SharedMemory>());
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public async Task Post_AgainAtAnotherInstance_GetsWhatTheToolFound(string body)
    {
        await using var server = await BookingServer.StartAsync();
        var settings = await SettingsAsync();
        await using var one = await StartAsync(new BookingModel(), settings: settings, server: server);
        await using var two = await StartAsync(new BookingModel(), settings: settings, server: server);

        Assert.Equal("booking 1", await one.SayAsync(body));
        Assert.Equal("booking 1", await two.SayAsync(body));
        Assert.Equal("booking 1", await two.SayAsync(body));
        Assert.Equal(1, server.Bookings);
    }

    [Fact]
    public async Task Post_WhileTheToolRunsAtAnotherInstance_WaitsForIt()
    {
        await using var server = await BookingServer.StartAsync();
        server.IsGated = true;
        var settings = await SettingsAsync();
        await using var one = await StartAsync(new BookingModel(), settings: settings, server: server);
        await using var two = await StartAsync(new BookingModel(), settings: settings, server: server);
        // The connection breaks, and the retry comes to the other one.
        await one.LeaveDuringTheToolAsync(First);
        var second = two.SayAsync(First);
        _ = await two.Model.NextAsync();

        server.Release();

        Assert.Equal("booking 1", await second);
        Assert.Equal(1, server.Bookings);
    }

    [Fact]
    public async Task Post_NextTurnAtAnotherInstance_IsToldOnceWhatTheToolDid()
    {
        await using var server = await BookingServer.StartAsync();
        var settings = await SettingsAsync();
        await using var one = await StartAsync(new BookingModel(heeds: true), settings: settings, server: server);
        await using var two = await StartAsync(new BookingModel(), settings: settings, server: server);
        await one.SayAsync(First);
        // Waits until it was told.
        await two.SayAsync(First);
        await using var three = await StartAsync(new BookingModel(heeds: true), settings: settings, server: server);
        var next = Ims("call-1", "2", "user:Hi", "assistant:Yes?", "user:A table", "assistant:booking 1", "user:Bye");

        Assert.Equal(1, server.Bookings);
        foreach (var rig in (MemoryRig[])[one, two, three])
        {
            rig.Model.Drain();
            await rig.SayAsync(next);
            Assert.Equal(
                "user:Hi assistant:Yes? user:A table assistant:book tool:booking 1 assistant:booking 1 user:Bye",
                string.Join(' ', (await rig.Model.NextAsync()).Take(7).Select(Short)));
        }
    }

    // Of a platform without history and without ids of its turns: the caller may well say the same again.
    [Fact]
    public async Task Post_SameWordsAtAnotherInstanceAfterAWhile_RunTheToolAgain()
    {
        await using var server = await BookingServer.StartAsync();
        var settings = await SettingsAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var one = await StartAsync(new BookingModel(), time, settings, server);
        await using var two = await StartAsync(new BookingModel(), time, settings, server);
        var body = Vapi("call-1", "user:Yes");

        Assert.Equal("booking 1", await one.SayAsync(body));
        Assert.Equal("booking 1", await two.SayAsync(body));
        time.Advance(CallMemory.AloneLifetime + TimeSpan.FromSeconds(1));
        await using var three = await StartAsync(new BookingModel(), time, settings, server);
        Assert.Equal("booking 2", await three.SayAsync(body));
    }

    [Fact]
    public async Task Post_OtherKeyAtAnotherInstance_SharesNothing()
    {
        await using var server = await BookingServer.StartAsync();
        var settings = await SettingsAsync();
        settings["Access:ApiKeys:1"] = TestHost.OtherKey;
        await using var one = await StartAsync(new BookingModel(), settings: settings, server: server);
        await using var two = await StartAsync(new BookingModel(), settings: settings, server: server);

        Assert.Equal("booking 1", await one.SayAsync(First));
        Assert.Equal("booking 2", await two.SayAsync(First, TestHost.OtherKey));
    }

    // Nothing of what was said is kept then, and what a tool found is part of it.
    [Fact]
    public async Task Post_Redacted_EachInstanceKnowsItsOwn()
    {
        await using var server = await BookingServer.StartAsync();
        var settings = await SettingsAsync();
        settings["Transcripts:Redact"] = "true";
        await using var one = await StartAsync(new BookingModel(), settings: settings, server: server);
        await using var two = await StartAsync(new BookingModel(), settings: settings, server: server);

        Assert.Equal("booking 1", await one.SayAsync(First));
        Assert.Equal("booking 2", await two.SayAsync(First));
        Assert.Equal("booking 1", await one.SayAsync(First));
    }

    [Theory]
    [InlineData("Drop")]
    [InlineData("Busy")]
    [InlineData("Refuse")]
    public async Task Post_TablesAreAway_TurnsAreAnsweredAndActOnce(string action)
    {
        await using var proxy = await TableProxy.StartAsync(await azurite.GetAsync());
        proxy.Decide = _ => ValueTask.FromResult(Enum.Parse<ProxyAction>(action));
        await using var rig = await StartAsync(new BookingModel(), settings: Settings(proxy.ConnectionString!));

        Assert.Equal("booking 1", await rig.SayAsync(First));
        Assert.Equal("booking 1", await rig.SayAsync(First));
        await rig.App.WaitForLogAsync(513);
        Assert.Single(rig.App.Logs.GetSnapshot(), record => record.Id.Id == 513);
    }

    [Fact]
    public async Task Post_TablesDoNotAnswer_TurnWaitsNoLongerThanItMay()
    {
        await using var proxy = await TableProxy.StartAsync(await azurite.GetAsync());
        var hold = new TaskCompletionSource();
        proxy.Decide = async _ =>
        {
            await hold.Task;
            return ProxyAction.Drop;
        };
        var time = new WatchedTime();
        await using var rig = await StartAsync(new BookingModel(), time, Settings(proxy.ConnectionString!));
        var answer = rig.SayAsync(First);
        await time.WaitForTimerAsync(wait => wait == SharingPatience.Default.Read, TestContext.Current.CancellationToken);

        time.Advance(SharingPatience.Default.Read);

        Assert.Equal("booking 1", await answer);
        hold.SetResult();
    }

    private static string Short(ChatMessage message) =>
        $"{message.Role}:{message.Contents[0] switch { FunctionCallContent call => call.Name, FunctionResultContent result => result.Result, _ => message.Text }}";

    private static Dictionary<string, string?> Settings(string connection) => new()
    {
        ["Transcripts:ConnectionString"] = connection,
        ["Transcripts:TablePrefix"] = SharedAzurite.NewPrefix(),
    };

    private async Task<Dictionary<string, string?>> SettingsAsync() => Settings((await azurite.GetAsync()).ConnectionString);
}
