using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace FunctionsApp;

/// <summary>
/// Writes warnings and errors that belong to no call to standard error, a line each. The host shows what stands there, and drops every record of
/// the log that comes to it without a running invocation: nobody would see that no key is configured.
/// </summary>
/// <param name="errors">Where to write; it is neither flushed nor closed.</param>
internal sealed class StandardErrorLog(TextWriter errors) : ILoggerProvider, ISupportExternalScope
{
    // How the worker names the invocation in the scope that it opens around each.
    private const string InvocationKey = "AzureFunctions_InvocationId";

    private readonly ConcurrentDictionary<string, bool> _running = new();
    private IExternalScopeProvider? _scopes;

    /// <summary>A step around every invocation: what is logged inside it is the host's to show.</summary>
    public FunctionExecutionDelegate Watch(FunctionExecutionDelegate next) => async context =>
    {
        _running.TryAdd(context.InvocationId, true);
        try
        {
            await next(context);
        }
        finally
        {
            _running.TryRemove(context.InvocationId, out _);
        }
    };

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    // The host takes each line for a record, and its level from the words in it.
    private void Write(LogLevel level, string text) => errors.WriteLine($"{(level is LogLevel.Warning ? "Warning" : "Error")}: {text}".ReplaceLineEndings(" "));

    // By the running ones: work that a call has begun in the background keeps the call's scope when the call is over.
    private bool IsOfRunningCall()
    {
        var invocation = new StrongBox<string?>();
        _scopes?.ForEachScope(static (scope, invocation) => invocation.Value ??= InvocationOf(scope), invocation);
        return invocation.Value is { } id && _running.ContainsKey(id);
    }

    private static string? InvocationOf(object? scope) =>
        scope is IEnumerable<KeyValuePair<string, object>> values ? values.FirstOrDefault(value => value.Key == InvocationKey).Value as string : null;

    private sealed class Logger(StandardErrorLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Warning or LogLevel.Error or LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && !log.IsOfRunningCall())
            {
                var cause = exception is null ? "" : $" ({FailureText.Describe(exception)})";
                log.Write(logLevel, $"{category} {eventId.Id}: {formatter(state, exception)}{cause}");
            }
        }
    }
}
