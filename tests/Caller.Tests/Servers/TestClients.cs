using Caller.Commands;
using Microsoft.Extensions.DependencyInjection;

namespace Caller.Tests.Servers;

/// <summary>The tool's own HTTP clients.</summary>
public static class TestClients
{
    public static readonly IHttpClientFactory Factory =
        new ServiceCollection().AddPlatformHttp().BuildServiceProvider().GetRequiredService<IHttpClientFactory>();
}
