# zellige in a container; README.md says how it is built and run. .git comes along for the version.
FROM golang:1.26.8-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip
WORKDIR /zellige
COPY . .
RUN make install PREFIX=/usr/local DESTDIR=/installed

FROM debian:bookworm-20250520-slim
COPY --from=build /installed/ /
WORKDIR /pictures
ENTRYPOINT ["zellige"]
CMD ["--help"]
