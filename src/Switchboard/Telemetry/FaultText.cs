using System.Diagnostics;

namespace Switchboard.Telemetry;

/// <summary>Describes an exception without its message: types from outside in, and the method that threw.</summary>
internal static class FaultText
{
    public static string Describe(Exception exception)
    {
        var types = new List<string>();
        var innermost = exception;
        for (var current = exception; current is not null; current = current.InnerException)
        {
            types.Add(current.GetType().Name);
            innermost = current;
        }

        var frame = new StackTrace(innermost).GetFrames().FirstOrDefault(frame => frame.GetMethod()?.DeclaringType is not null);
        var place = frame?.GetMethod() is { } method ? $" at {method.DeclaringType}.{method.Name}" : "";
        return string.Join(" < ", types) + place;
    }
}
