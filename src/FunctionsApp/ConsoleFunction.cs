using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Endpoints;

namespace FunctionsApp;

/// <summary>Serves the console where it is turned on.</summary>
public sealed class ConsoleFunction(ConsoleEndpoint endpoint)
{
    [Function("Console")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Console)] HttpRequest request) =>
        endpoint.HandleAsync(request.HttpContext);
}
