namespace Caller.Tests.Commands;

/// <summary>A console's text, which a test can wait for.</summary>
internal sealed class WatchedWriter : StringWriter
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _wanted;

    public Task WhenContains(string text)
    {
        lock (_gate)
        {
            _wanted = text;
            Look();
        }

        return _found.Task;
    }

    public override void Write(string? value)
    {
        lock (_gate)
        {
            base.Write(value);
            Look();
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return base.ToString();
        }
    }

    private void Look()
    {
        if (_wanted is not null && base.ToString().Contains(_wanted, StringComparison.Ordinal))
        {
            _found.TrySetResult();
        }
    }
}
