using Microsoft.Extensions.AI;

namespace Switchboard.Responders;

/// <summary>A responder of the app's own.</summary>
/// <param name="Name">What <c>Models:n:Responder</c> says to get it.</param>
/// <param name="Create">Makes what answers for one model; called once for each model that names the responder.</param>
internal sealed record ResponderRegistration(string Name, Func<IServiceProvider, IChatClient> Create);
