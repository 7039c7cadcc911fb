# The gateway in a container: not root, its root file system read-only, everything it writes in one volume.
#
#   docker build -t smimegateway .
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges --network host -v smimegateway-var:/app/var smimegateway
#
# That runs the shipped configuration, which listens on 127.0.0.1:2525. For anything else mount your own folder and publish its port:
#
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges -p 2525:2525 \
#       -v /etc/smimegateway:/app/config:ro -v smimegateway-var:/app/var smimegateway
#
# Its listener must name 0.0.0.0 and the networks of its clients, and its dataFolder stays "../var". No automatic test builds this file
# (that needs a container engine); the commands it runs are those of tests/run.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig BannedSymbols.txt ./
COPY src/ src/
RUN dotnet restore src/SmimeGateway.Host --locked-mode
RUN dotnet publish src/SmimeGateway.Host -c Release --no-restore -o /published \
    && mkdir /published/var \
    && rm -f /published/*.xml /published/*.pdb

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /published/ ./
COPY config/ config/
# The volume takes its owner from the folder it is first mounted on.
RUN chown $APP_UID var
# The diagnostics socket would be the only thing written outside the volume.
ENV DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /app/var
EXPOSE 2525
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["/app/smimegateway", "health", "--live"]
ENTRYPOINT ["/app/smimegateway"]
CMD ["run"]
