using System.Diagnostics;
using Switchboard.Responders;

namespace Switchboard.Telemetry;

/// <summary>Describes an exception without its message, which may quote what was said or a key: types from outside in, and the method that threw.</summary>
internal static class FaultText
{
    public static string Describe(Exception exception)
    {
        var types = new List<string>();
        var innermost = exception;
        for (var current = exception; current is not null; current = current.InnerException)
        {
            // An upstream's fault has a message of our own making, which names the upstream and the status.
            types.Add(current is UpstreamException ? $"{nameof(UpstreamException)} ({current.Message})" : current.GetType().Name);
            innermost = current;
        }

        var frame = new StackTrace(innermost).GetFrames().FirstOrDefault(frame => frame.GetMethod()?.DeclaringType is not null);
        var place = frame?.GetMethod() is { } method ? $" at {method.DeclaringType}.{method.Name}" : "";
        return string.Join(" < ", types) + place;
    }
}
