using Switchboard.Common;

namespace Switchboard.Tests.Common;

public sealed class RunningSetTests
{
    private const int Limit = 60_000;

    private readonly RunningSet<string> _set = new();
    private readonly Dictionary<string, TaskCompletionSource> _began = new[] { "a", "b" }.ToDictionary(name => name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    private readonly Dictionary<string, TaskCompletionSource> _ended = new[] { "a", "b" }.ToDictionary(name => name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    [Fact(Timeout = Limit)]
    public async Task Run_ItemsOfBeforeAndLater_RunUntilTheyAreRemovedOrTheAppStops()
    {
        using var stopping = new CancellationTokenSource();
        _set.Add("a");
        _set.Add("a");
        var running = _set.RunAsync(RunAsync, stopping.Token);
        await _began["a"].Task.WaitAsync(TestContext.Current.CancellationToken);
        _set.Add("b");
        await _began["b"].Task.WaitAsync(TestContext.Current.CancellationToken);

        _set.Remove("b");
        await _ended["b"].Task.WaitAsync(TestContext.Current.CancellationToken);
        // It was added twice.
        _set.Remove("a");
        Assert.False(_ended["a"].Task.IsCompleted);
        await stopping.CancelAsync();
        await running;

        Assert.True(_ended["a"].Task.IsCompleted);
    }

    [Fact(Timeout = Limit)]
    public async Task Run_AnItemThatFails_FailsTheWhole()
    {
        _set.Add("a");

        await Assert.ThrowsAsync<InvalidDataException>(() => _set.RunAsync((_, _) => throw new InvalidDataException(), TestContext.Current.CancellationToken));
    }

    private async Task RunAsync(string item, CancellationToken ended)
    {
        _began[item].SetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended);
        }
        finally
        {
            _ended[item].SetResult();
        }
    }
}
