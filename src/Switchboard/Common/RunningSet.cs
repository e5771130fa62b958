namespace Switchboard.Common;

/// <summary>What runs beside the turns, a task for each of its items. Items come and go while the app runs; one that is added twice runs once, until both have gone.</summary>
internal sealed class RunningSet<T>
    where T : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<T, Item> _items = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<T, CancellationToken, Task>? _run;
    private CancellationToken _stopping;

    public void Add(T item)
    {
        lock (_gate)
        {
            if (_items.TryGetValue(item, out var known))
            {
                known.Uses++;
                return;
            }

            var added = new Item();
            _items.Add(item, added);
            Start(item, added);
        }
    }

    public void Remove(T item)
    {
        lock (_gate)
        {
            if (_items.TryGetValue(item, out var known) && --known.Uses == 0)
            {
                _items.Remove(item);
                known.Ended.Cancel();
            }
        }
    }

    /// <summary>Runs what was added, and what will be, until the app stops.</summary>
    /// <param name="run">Runs an item until it is removed.</param>
    /// <param name="stopping">The app stops.</param>
    public async Task RunAsync(Func<T, CancellationToken, Task> run, CancellationToken stopping)
    {
        lock (_gate)
        {
            (_run, _stopping) = (run, stopping);
            foreach (var (item, state) in _items)
            {
                Start(item, state);
            }
        }

        await using (stopping.UnsafeRegister(static failed => ((TaskCompletionSource)failed!).TrySetResult(), _failed))
        {
            await _failed.Task;
        }

        Task[] running;
        lock (_gate)
        {
            running = [.. _items.Values.Select(item => item.Running)];
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Start(T item, Item state)
    {
        if (_run is { } run && !_stopping.IsCancellationRequested)
        {
            var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping, state.Ended.Token);
            state.Running = Task.Run(() => GuardedAsync(run, item, either), CancellationToken.None);
        }
    }

    private async Task GuardedAsync(Func<T, CancellationToken, Task> run, T item, CancellationTokenSource either)
    {
        using (either)
        {
            try
            {
                await run(item, either.Token);
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                // It was removed, or the app stops.
            }
            catch (Exception failure)
            {
                // An error in this app, which must end it as that of any other background service does.
                _failed.TrySetException(failure);
            }
        }
    }

    private sealed class Item
    {
        public int Uses { get; set; } = 1;

        public CancellationTokenSource Ended { get; } = new();

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
